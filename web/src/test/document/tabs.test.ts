import { beforeEach, describe, expect, it } from "vitest";
import { documentStore, edit, getWorkflow, undoEdit } from "../../document/store";
import { closeTab, keepTabs, newTab, reopenTab, restoreTabs, showTab, stepTab, tabStore } from "../../document/tabs";
import { documentOf, node } from "../fixtures/documents";

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

const named = (name: string) => ({ ...documentOf([node("1", "one")]), id: name, name });
const names = () => tabStore.getState().tabs.map((tab) => (tab.kept?.doc ?? getWorkflow()).name);

beforeEach(() => {
  tabStore.setState({ tabs: [{ key: "first", kept: null }], front: "first" });
  documentStore.setState({ doc: named("A"), history: { undo: [], redo: [] }, scope: [] });
});

describe("tabs", () => {
  it("keep each workflow with its own history", () => {
    edit("Rename", { kind: "patch-document", patch: { name: "A2" } });
    newTab(named("B"));
    expect(undoEdit()).toBeNull();
    stepTab(-1);
    expect(getWorkflow().name).toBe("A2");
    expect(undoEdit()).toBe("Rename");
    expect(names()).toEqual(["A", "B"]);
  });

  it("close to their neighbour, the last one to an empty workflow, and open again", () => {
    newTab(named("B"));
    const closed = closeTab(tabStore.getState().front);
    expect(getWorkflow().name).toBe("A");
    if (closed) reopenTab(closed);
    expect(names()).toEqual(["A", "B"]);
    closeTab("first");
    closeTab(tabStore.getState().front);
    expect(getWorkflow().nodes).toEqual([]);
    expect(tabStore.getState().tabs).toHaveLength(1);
  });

  it("come back after a reload in their order, the draft in the place it had", () => {
    const storage = memory();
    const stop = keepTabs(storage, () => expect.fail("no room"));
    newTab(named("B"));
    newTab(named("C"));
    showTab(tabStore.getState().tabs[1]?.key ?? "");
    stop();
    tabStore.setState({ tabs: [{ key: "1", kept: null }], front: "1" });
    restoreTabs(storage);
    expect(names()).toEqual(["A", "B", "C"]);
  });
});
