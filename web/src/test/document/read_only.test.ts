import { beforeEach, describe, expect, it } from "vitest";
import {
  documentStore,
  edit,
  getWorkflow,
  makeEditable,
  replaceDocument,
  setInput,
  undoEdit,
} from "../../document/store";
import { keepTabs, newTab, restoreTabs, showTab, tabStore } from "../../document/tabs";
import { documentOf, node } from "../fixtures/documents";

const DOC = documentOf([node("1", "one")]);
const RENAME = { kind: "patch-document", patch: { name: "Changed" } } as const;

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

beforeEach(() => {
  tabStore.setState({ tabs: [{ key: "first", kept: null }], front: "first" });
  documentStore.setState({
    doc: { ...DOC, name: "Own" },
    history: { undo: [], redo: [] },
    scope: [],
    readOnly: false,
    refusals: 0,
  });
});

describe("a read-only workflow", () => {
  beforeEach(() => void newTab({ ...DOC, id: "shared", name: "Shared" }, { readOnly: true }));

  it("takes no edit and counts what was refused; undo finds nothing", () => {
    edit("Rename", RENAME);
    setInput("1", "text", "other");
    expect(getWorkflow().name).toBe("Shared");
    expect(getWorkflow().nodes[0]?.inputs).toEqual(DOC.nodes[0]?.inputs);
    expect(documentStore.getState().refusals).toBe(2);
    expect(undoEdit()).toBeNull();
  });

  it("is drawn anew after a refusal, so that what was dragged goes back", () => {
    const before = getWorkflow().nodes;
    edit("Rename", RENAME);
    expect(getWorkflow().nodes[0]?.pos).not.toBe(before[0]?.pos);
    expect(getWorkflow().nodes).toEqual(before);
  });

  it("still follows the values that are steered while it runs", () => {
    setInput("1", "text", "steered", { undoable: false });
    expect(getWorkflow().nodes[0]?.inputs.text).toBe("steered");
  });

  it("becomes the person's own under another name and id", () => {
    makeEditable("Copy");
    edit("Rename", RENAME);
    expect(getWorkflow()).toMatchObject({ name: "Changed" });
    expect(getWorkflow().id).not.toBe("shared");
  });

  it("leaves the other tabs editable, and stays read-only after a reload", () => {
    const storage = memory();
    const stop = keepTabs(storage, () => expect.fail("no room"));
    showTab("first");
    expect(documentStore.getState().readOnly).toBe(false);
    stop();
    tabStore.setState({ tabs: [{ key: "1", kept: null }], front: "1" });
    restoreTabs(storage);
    expect(tabStore.getState().tabs.map(({ kept }) => kept?.readOnly)).toEqual([undefined, true]);
  });

  it("gives way to another one, and undo does not lead back to it", () => {
    replaceDocument({ ...DOC, name: "Template" }, { name: "Open", saved: false });
    expect(documentStore.getState().readOnly).toBe(false);
    expect(undoEdit()).toBeNull();
    edit("Rename", RENAME);
    expect(getWorkflow().name).toBe("Changed");
  });
});
