import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Estimate, presetInput, verdict } from "../../graph/estimate/estimate";
import { askEstimate, estimateStore } from "../../graph/estimate/estimate_store";
import { input, output, schema } from "../fixtures/nodes";

const FOUND: Estimate = {
  device_name: "a processor",
  width: 160,
  height: 96,
  fps: 285.7,
  step_ms: 9.3,
  decode_ms: 4.7,
  latency_ms: 14.2,
  realtime: true,
  memory_gib: 0.4,
  memory_of_device_gib: 7.8,
  fits: true,
};

describe("the line of a generator", () => {
  it("says how long a tick takes and that it keeps up", () => {
    const { kind, line, detail } = verdict(FOUND);
    expect([kind, line]).toEqual(["good", "About 14 ms a tick, 24 fps on this machine"]);
    expect(detail).toContain("9.3 ms");
    expect(detail).toContain("160\u00d796");
  });

  it("says how slow a slow one is", () => {
    const { kind, line } = verdict({ ...FOUND, realtime: false, fps: 3.14, latency_ms: 1274 });
    expect(kind).toBe("slow");
    expect(line).toContain("1274 ms");
    expect(line).toContain("3.1 fps");
  });

  it("says first that a model does not fit", () => {
    const { kind, line } = verdict({ ...FOUND, realtime: false, fits: false, memory_gib: 21.53 });
    expect(kind).toBe("large");
    expect(line).toMatch(/21\.5 GiB.*7\.8 GiB/);
  });
});

it("belongs to nodes that give a generator of a chosen preset", () => {
  const outputs = [output("generator", "GENERATOR")];
  expect(presetInput(schema("generator.load", { inputs: [input("preset", "STRING")], outputs }))).toBe("preset");
  expect(presetInput(schema("x.y", { inputs: [input("preset", "STRING")] }))).toBeNull();
  expect(presetInput(schema("x.y", { inputs: [input("path", "STRING")], outputs }))).toBeNull();
});

describe("asking", () => {
  const fetched = vi.fn<typeof fetch>();
  beforeEach(() => vi.stubGlobal("fetch", fetched));
  afterEach(() => {
    vi.unstubAllGlobals();
    fetched.mockReset();
    estimateStore.setState({}, true);
  });

  it("is done once a preset", async () => {
    fetched.mockImplementation(async () => Response.json(FOUND));
    await Promise.all([askEstimate("tiny"), askEstimate("tiny")]);
    await askEstimate("tiny");
    expect(fetched.mock.calls.map(([path]) => path)).toEqual(["/api/estimate?preset=tiny"]);
    expect(estimateStore.getState().tiny).toEqual({ status: "ready", found: FOUND });
  });

  it("keeps the server's words and remedy of a refusal, and may be repeated", async () => {
    const error = { code: "unknown_preset", message: "There is no preset 9b.", remedy: "Choose tiny." };
    fetched.mockImplementation(async () => Response.json({ error }, { status: 400 }));
    await askEstimate("9b");
    expect(estimateStore.getState()["9b"]).toEqual({
      status: "failed",
      message: "There is no preset 9b. Choose tiny.",
    });
    await askEstimate("9b");
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
