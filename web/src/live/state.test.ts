import { describe, expect, it } from "vitest";
import { emptyDocument } from "../document/types";
import type { ServerMessage } from "../protocol/messages.gen";
import {
  controlKey,
  controlSent,
  initialState,
  type LiveState,
  reduce,
  runAccepted,
  runLost,
  runRequested,
} from "./state";

const ERROR = { code: "node_failed", message: "It broke", node: "7", remedy: "Mend it" };
const DOCUMENT = emptyDocument("d", "Hello");

const requested = (): LiveState => runRequested(initialState("me"), DOCUMENT);
const running = (): LiveState => runAccepted(requested(), "r1", "Hello");
const after = (state: LiveState, ...messages: ServerMessage[]) => messages.reduce(reduce, state);

const started: ServerMessage = { type: "run_started", data: { run_id: "r1", name: "Hello", live: true } };

function progress(promptId: string, node: string, value: number, max: number): ServerMessage {
  const state = { value, max, state: "running" as const, node_id: node, display_node_id: node, prompt_id: promptId };
  return { type: "progress_state", data: { prompt_id: promptId, nodes: { [node]: state } } };
}

describe("a live run", () => {
  it("begins with whichever comes first, the message or the answer", () => {
    const first = reduce(requested(), started);
    expect(first.run).toMatchObject({ status: "running", runId: "r1", workflow: DOCUMENT });
    expect(runAccepted(first, "r1", "Hello")).toBe(first);
  });

  it("does not take over the run of somebody else", () => {
    const state = initialState("me");
    expect(reduce(state, started)).toBe(state);
  });

  it("ends as finished when it is stopped, and its nodes come to rest", () => {
    const state = after(
      running(),
      { type: "executing", data: { node: "3", prompt_id: "r1" } },
      { type: "run_finished", data: { run_id: "r1", status: "cancelled" } },
    );
    expect(state.run).toMatchObject({ status: "finished", error: null });
    expect(state.nodes["3"]?.status).toBe("idle");
  });

  it("keeps the error and marks its node when it fails", () => {
    const state = reduce(running(), { type: "run_finished", data: { run_id: "r1", status: "failed", error: ERROR } });
    expect(state.run).toMatchObject({ status: "failed", error: ERROR });
    expect(state.nodes["7"]).toMatchObject({ status: "error", error: ERROR });
  });

  it("fails with the reason when it was gone after a lost connection", () => {
    const lost = runLost(running(), { code: "run_lost", message: "Gone" });
    expect(lost.run).toMatchObject({ status: "failed", error: { message: "Gone" } });
    expect(runLost(initialState("me"), ERROR).run.status).toBe("idle");
  });

  it("hides the nodes of a render that goes on beside it, but counts its progress", () => {
    const state = reduce(running(), progress("job", "5", 12, 48));
    expect(state.nodes["5"]).toBeUndefined();
    expect(state.renders.job).toEqual({ fraction: 0.25 });
  });
});

describe("a render without a live run", () => {
  it("shows cached, running and finished nodes", () => {
    const state = after(
      initialState("me"),
      { type: "execution_start", data: { prompt_id: "job", timestamp: 0 } },
      { type: "execution_cached", data: { prompt_id: "job", nodes: ["1", "2"], timestamp: 0 } },
      progress("job", "5", 1, 0),
      { type: "executed", data: { node: "2", display_node: "2", output: { images: [] }, prompt_id: "job" } },
    );
    expect(state.nodes["1"]?.status).toBe("cached");
    expect(state.nodes["2"]?.status).toBe("done");
    expect(state.nodes["5"]).toMatchObject({ status: "running", total: null });
  });

  it("changes nothing for a report that says nothing new", () => {
    const first = reduce(initialState("me"), progress("job", "5", 1, 0));
    expect(first.nodes["5"]).toMatchObject({ status: "running", total: null });
    expect(reduce(first, progress("job", "5", 2, 0))).toBe(first);
  });

  it("keeps the object of a node that did not change", () => {
    const first = reduce(initialState("me"), progress("job", "5", 1, 8));
    const second = reduce(first, progress("job", "6", 1, 8));
    expect(second.nodes["5"]).toBe(first.nodes["5"]);
  });
});

describe("controls", () => {
  const sent = controlSent(running(), { id: "c", node: "4", input: "forward", value: 1 });

  it("are answered twice", () => {
    expect(sent.receipts.at(-1)).toMatchObject({ received: false, tick: null });
    const received = reduce(sent, { type: "control_received", data: { run_id: "r1", id: "c" } });
    expect(received.receipts.at(-1)).toMatchObject({ received: true, tick: null });
    const applied = reduce(received, { type: "control_applied", data: { run_id: "r1", id: "c", tick: 31 } });
    expect(applied.receipts.at(-1)?.tick).toBe(31);
  });

  it("leave the value in force behind until the run ends", () => {
    expect(sent.values[controlKey("4", "forward")]).toBe(1);
    const ended = reduce(sent, { type: "run_finished", data: { run_id: "r1", status: "succeeded" } });
    expect(ended.values).toEqual({});
  });

  it("of other pages change nothing here", () => {
    expect(reduce(sent, { type: "control_received", data: { run_id: "r1", id: "other" } })).toBe(sent);
  });

  it("keep a bounded list", () => {
    let state = running();
    for (let index = 0; index < 100; index++) {
      state = controlSent(state, { id: `${index}`, node: "4", input: "forward", value: index });
    }
    expect(state.receipts).toHaveLength(24);
    expect(state.receipts.at(-1)?.id).toBe("99");
  });
});
