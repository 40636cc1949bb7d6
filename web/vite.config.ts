import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = "127.0.0.1:8188";
const HTTP_ROUTES = ["/api", "/view", "/upload", "/prompt", "/queue", "/history", "/object_info", "/interrupt"];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../nodegraph/server/static",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      ...Object.fromEntries(HTTP_ROUTES.map((route) => [route, `http://${SERVER}`])),
      "/ws": { target: `ws://${SERVER}`, ws: true },
    },
  },
  worker: { format: "es" },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
