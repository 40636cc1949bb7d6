import { describe, expect, it } from "vitest";
import { refusal, typesFit } from "../../graph/compat";
import { t } from "../../text";
import { documentOf, edge, node } from "../fixtures/documents";
import { schemaOf } from "../fixtures/nodes";

const NODES = [
  node("prompt", "prompt.text"),
  node("orbit", "camera.orbit"),
  node("step", "apt2.step"),
  node("save", "save.video"),
  node("seed", "value.seed"),
  node("wave", "math.wave"),
  node("calc", "math.calculate"),
  node("calc2", "math.calculate"),
  node("way", "util.reroute"),
  node("way2", "util.reroute"),
  node("sink", "util.file"),
  node("odd", "not.installed"),
];

const check = (wire: string, wires: readonly string[] = []) => refusal(documentOf(NODES, wires), schemaOf, edge(wire));

describe("typesFit", () => {
  it.each([
    ["PROMPT", "PROMPT", true],
    ["INT", "FLOAT", true],
    ["FLOAT", "INT", false],
    ["*", "POSE", true],
    ["POSE", "*", true],
    ["POSE", "CAMERA", false],
  ])("%s into %s: %s", (from, to, fits) => {
    expect(typesFit(from, to)).toBe(fits);
  });
});

describe("refusal", () => {
  it("allows equal types, and INT into FLOAT", () => {
    expect(check("prompt.prompt -> step.prompt")).toBeNull();
    expect(check("seed.seed -> calc.a")).toBeNull();
  });

  it("names both types of a wire that does not fit", () => {
    expect(check("prompt.prompt -> step.camera")).toBe(t("graph.wire.types", { from: "PROMPT", to: "CAMERA" }));
  });

  it("knows what flows through reroutes", () => {
    const wires = ["prompt.prompt -> way.value", "way.value -> way2.value"];
    expect(check("way2.value -> step.prompt", wires)).toBeNull();
    expect(check("way2.value -> step.camera", wires)).toBe(t("graph.wire.types", { from: "PROMPT", to: "CAMERA" }));
    expect(check("way2.value -> step.camera")).toBeNull();
  });

  it("refuses loops, also through other nodes", () => {
    expect(check("calc.result -> calc.a")).toBe(t("graph.wire.sameNode"));
    expect(check("calc2.result -> calc.a", ["calc.result -> calc2.a"])).toBe(t("graph.wire.cycle"));
  });

  it("refuses a stream into a fixed input, unless the node is lifted", () => {
    expect(check("wave.value -> orbit.radius")).toBe(t("graph.wire.fixed", { input: "radius" }));
    expect(check("wave.value -> orbit.speed")).toBeNull();
    expect(check("wave.value -> calc.a")).toBeNull();
  });

  it("counts a value node as a stream once one is wired into it", () => {
    expect(check("calc.result -> orbit.radius")).toBeNull();
    const wires = ["wave.value -> calc.a", "calc.result -> calc2.a"];
    expect(check("calc2.result -> orbit.radius", wires)).toBe(t("graph.wire.fixed", { input: "radius" }));
  });

  it("lets the result of a finished run only into nodes that run once", () => {
    expect(check("save.file -> sink.file")).toBeNull();
    expect(check("save.file -> way.value")).toBeNull();
    expect(check("save.file -> save.latent")).not.toBeNull();
  });

  it("refuses ports and nodes that are not there", () => {
    expect(check("prompt.nothing -> step.prompt")).toBe(t("graph.wire.unknownPort"));
    expect(check("odd.x -> step.prompt")).toBe(t("graph.wire.unknownPort"));
  });
});
