import { beforeEach, describe, expect, it } from "vitest";
import type { NodeSchema } from "../../protocol/schema";
import { addControl } from "../../timeline/log_edits";
import { liveInputs, valueAt } from "../../timeline/live_inputs";
import { markerAt, nextMarker, removeMarker, setMarker } from "../../timeline/markers";
import { firstFrame, receiptText } from "../../timeline/receipt";
import { asText, parsed } from "../../timeline/ValueField";
import { languageStore } from "../../text";
import { documentOf, node } from "../fixtures/documents";
import { schemaOf } from "../fixtures/nodes";
import { control, take } from "./fixtures";

beforeEach(() => languageStore.setState({ language: "en" }));

describe("a control put into the past", () => {
  const known = (type: string): NodeSchema | undefined => schemaOf(type);

  it("is offered for every live input that no wire feeds, named as the log names it", () => {
    const graph = documentOf([node("1", "prompt.text", { title: "Words" }), node("2", "unknown.type")]);
    const inputs = liveInputs(take("a", { document: graph as never }), known);
    expect(inputs.map(({ node: id, input, title }) => [id, input, title])).toEqual([["1", "text", "Words"]]);
  });

  it("begins with the value in force at its tick", () => {
    const graph = documentOf([node("1", "prompt.text", { inputs: { text: "a lighthouse" } })]);
    const [input] = liveInputs(take("a", { document: graph as never }), known);
    if (!input) throw new Error("no input");
    const log = [control(9, "text", "fog", "1"), control(4, "text", "sun", "1"), control(4, "yaw", 1, "1")];
    expect([0, 4, 8, 9].map((tick) => valueAt(input, log, tick))).toEqual(["a lighthouse", "sun", "sun", "fog"]);
  });

  it("says when it was applied and shown; one set by hand says that it waits", () => {
    const recorded = [control(7, "text", "fog")];
    const planned = control(9, "text", "sun");
    const log = addControl(recorded, planned);
    expect(log.map((one) => receiptText(one, recorded))).toEqual([
      "Received. Applied at tick 7, shown at frame 25.",
      "Set by hand. Applies at tick 9, shown at frame 33, when you branch with it.",
    ]);
    expect([0, 1, 2].map((tick) => firstFrame({ tick }))).toEqual([0, 1, 5]);
  });

  it("is written in the type that the value had", () => {
    expect(parsed("2.5", 1)).toBe(2.5);
    expect(parsed('"2"', 1)).toBeUndefined();
    expect(parsed("[1, 2", [1])).toBeUndefined();
    expect(parsed("2", "text")).toBe("2");
    expect(asText([1])).toBe("[1]");
  });
});

describe("markers", () => {
  const markers = [
    { tick: 3, name: "go" },
    { tick: 20, name: "leap" },
  ];

  it("are set, renamed, moved and taken away, in order of ticks", () => {
    expect(setMarker(markers, { tick: 9, name: "turn" }).map(({ tick }) => tick)).toEqual([3, 9, 20]);
    expect(setMarker(markers, { tick: 3, name: "start" }, 3)[0]?.name).toBe("start");
    expect(setMarker(markers, { tick: 30, name: "go" }, 3).map(({ tick }) => tick)).toEqual([20, 30]);
    expect(removeMarker(markers, 3)).toEqual([markers[1]]);
    expect(markerAt(markers, 20)?.name).toBe("leap");
  });

  it("are stepped through from the playhead", () => {
    expect(nextMarker(markers, 3, 1)?.tick).toBe(20);
    expect(nextMarker(markers, 20, -1)?.tick).toBe(3);
    expect(nextMarker(markers, 20, 1)).toBeUndefined();
  });
});
