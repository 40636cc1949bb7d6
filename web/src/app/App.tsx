import { lazy, Suspense, useEffect } from "react";
import { openWorkflow } from "../document/open";
import { CanvasMenus } from "../graph/CanvasMenus";
import { useCatalog } from "../graph/catalog";
import { Canvas } from "../graph/Canvas";
import { NodePalette } from "../graph/NodePalette";
import { isActive, useLiveRun } from "../live";
import { t } from "../text";
import { GalleryPanel, QueuePanel, TemplatesPanel } from "../panels";
import { ReadOnlyBar } from "../share/ReadOnlyBar";
import { CanvasTools } from "./CanvasTools";
import { COMMANDS } from "./commands";
import { Connecting } from "./Connecting";
import { DropZone } from "./DropZone";
import { Rail } from "./Rail";
import { StageColumn } from "./StageColumn";
import { listenForShortcuts } from "./shortcuts";
import { TabBar } from "./TabBar";
import { Toasts } from "./Toasts";
import { TopBar } from "./TopBar";
import { NARROW_PX, setPanel } from "./ui_store";
import { useUi } from "./use_ui";
import { WorkArea } from "./WorkArea";
import "./app.css";
import "./rail.css";
import "./stage_column.css";
import "./toasts.css";
import "./narrow.css";

const Dialogs = lazy(() => import("./Dialogs"));
const Timeline = lazy(() => import("../timeline/Timeline"));

export function App() {
  const status = useCatalog((catalog) => catalog.status);
  const live = isActive(useLiveRun());
  const hasDialog = useUi((ui) => ui.dialog !== null || ui.helpFor !== null);
  useEffect(() => listenForShortcuts(COMMANDS), []);
  return (
    <div className="app-shell" data-live={live}>
      <a className="app-skip" href="#canvas">
        {t("app.skipToCanvas")}
      </a>
      <TopBar />
      <TabBar />
      <div className="app-main">
        <Rail />
        <Panel />
        <WorkArea
          canvas={
            <main className="app-canvas" id="canvas" aria-label={t("app.canvas")}>
              {status === "ready" ? <Canvas /> : <Connecting />}
              {status === "ready" && <CanvasTools />}
              <ReadOnlyBar />
            </main>
          }
          stage={<StageColumn />}
          below={
            <Suspense>
              <Timeline />
            </Suspense>
          }
        />
      </div>
      <CanvasMenus />
      <DropZone />
      <Toasts />
      {hasDialog && (
        <Suspense>
          <Dialogs />
        </Suspense>
      )}
    </div>
  );
}

/** The drawer beside the rail. */
function Panel() {
  const panel = useUi((ui) => ui.panel);
  if (panel === null) return null;
  return (
    <aside className="app-panel" aria-label={t(`app.rail.${panel}`)}>
      {panel === "nodes" && <NodePalette />}
      {panel === "queue" && <QueuePanel />}
      {panel === "gallery" && <GalleryPanel />}
      {panel === "templates" && (
        <TemplatesPanel
          onOpen={(document, name) => {
            if (
              openWorkflow(document, { source: "template", ...(name ? { name } : {}) }) &&
              window.innerWidth < NARROW_PX
            )
              setPanel(null);
          }}
        />
      )}
    </aside>
  );
}
