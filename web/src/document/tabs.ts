/**
 * Several workflows open at once. The one in front is in the document store; the others wait here with their history
 * and are kept in localStorage, so that a reload or a crash loses none.
 */
import { createStore } from "zustand/vanilla";
import { t } from "../text";
import { newDocumentId, parseDocument } from "./parse";
import { NO_HISTORY } from "./history";
import { type DocumentState, documentStore } from "./store";
import { emptyDocument, type WorkflowDocument } from "./types";

const KEY = "nodegraph.tabs";
const TABS_AT_MOST = 30;

type Kept = Pick<DocumentState, "doc" | "history" | "save" | "scope" | "readOnly">;

export interface Tab {
  readonly key: string;
  /** The document while another tab is in front; null for the one in front. */
  readonly kept: Kept | null;
}

export interface TabState {
  readonly tabs: readonly Tab[];
  readonly front: string;
}

export const tabStore = createStore<TabState>(() => ({ tabs: [{ key: "1", kept: null }], front: "1" }));

let lastKey = 1;

function current(): Kept {
  const { doc, history, save, scope, readOnly } = documentStore.getState();
  return { doc, history, save, scope, readOnly };
}

function show(kept: Kept): void {
  documentStore.setState((state) => ({ ...kept, refusals: 0, opened: state.opened + 1 }));
}

/** Bring a tab to the front. */
export function showTab(key: string): void {
  const { tabs, front } = tabStore.getState();
  const kept = tabs.find((tab) => tab.key === key)?.kept;
  if (key === front || !kept) return;
  const leaving = current();
  tabStore.setState({
    front: key,
    tabs: tabs.map((tab) =>
      tab.key === front ? { key: tab.key, kept: leaving } : tab.key === key ? { key, kept: null } : tab,
    ),
  });
  show(kept);
}

export function stepTab(by: number): void {
  const { tabs, front } = tabStore.getState();
  const at = tabs.findIndex((tab) => tab.key === front);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  if (next) showTab(next.key);
}

/** Open a tab, empty unless a document is given, behind the one in front. False where there are too many. */
export function newTab(
  doc: WorkflowDocument = emptyDocument(newDocumentId(), t("app.document.untitled")),
  { readOnly = false } = {},
): boolean {
  const { tabs, front } = tabStore.getState();
  if (tabs.length >= TABS_AT_MOST) return false;
  lastKey += 1;
  const key = String(lastKey);
  const leaving = current();
  const at = tabs.findIndex((tab) => tab.key === front);
  const stayed = tabs.map((tab) => (tab.key === front ? { key: tab.key, kept: leaving } : tab));
  tabStore.setState({ front: key, tabs: [...stayed.slice(0, at + 1), { key, kept: null }, ...stayed.slice(at + 1)] });
  show({ doc, history: NO_HISTORY, save: "draft", scope: [], readOnly });
  return true;
}

/** Close a tab; returns what was in it, so that it can be opened again. */
export function closeTab(key: string): Kept | null {
  const { tabs, front } = tabStore.getState();
  const at = tabs.findIndex((tab) => tab.key === key);
  const tab = tabs[at];
  if (!tab) return null;
  const closed = tab.kept ?? current();
  if (tabs.length === 1) {
    show({
      doc: emptyDocument(newDocumentId(), t("app.document.untitled")),
      history: NO_HISTORY,
      save: "draft",
      scope: [],
      readOnly: false,
    });
    return closed;
  }
  if (key === front) showTab((tabs[at + 1] ?? tabs[at - 1])?.key ?? front);
  tabStore.setState((state) => ({ tabs: state.tabs.filter((one) => one.key !== key) }));
  return closed;
}

/** Open what `closeTab` returned again, with its history. */
export function reopenTab(kept: Kept): void {
  if (newTab(kept.doc)) show(kept);
}

/** The name on a tab. */
export function tabName({ kept }: Tab, front: WorkflowDocument): string {
  return (kept?.doc ?? front).name;
}

/** Take up the tabs of the last visit, beside the draft that is in front. */
export function restoreTabs(storage: Storage): void {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (typeof stored !== "object" || stored === null || !("before" in stored) || !("after" in stored)) return;
    const tabs = [...restored(stored.before), { key: "1", kept: null }, ...restored(stored.after)];
    tabStore.setState({ tabs, front: "1" });
  } catch {
    // A list of tabs that cannot be read is as good as none; the draft in front is kept elsewhere.
  }
}

function restored(list: unknown): readonly Tab[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, TABS_AT_MOST).map((one: { doc?: unknown; saved?: unknown; readOnly?: unknown }) => {
    lastKey += 1;
    const kept: Kept = {
      doc: parseDocument(one.doc),
      history: NO_HISTORY,
      save: one.saved === true ? "saved" : "draft",
      scope: [],
      readOnly: one.readOnly === true,
    };
    return { key: String(lastKey), kept };
  });
}

/** Write the tabs that are not in front whenever they change; `onFail` is told when there is no room. */
export function keepTabs(storage: Storage, onFail: () => void): () => void {
  return tabStore.subscribe(({ tabs, front }) => {
    const at = tabs.findIndex((tab) => tab.key === front);
    const plain = (list: readonly Tab[]) =>
      list.flatMap(({ kept }) =>
        kept ? [{ doc: kept.doc, saved: kept.save === "saved", readOnly: kept.readOnly }] : [],
      );
    try {
      storage.setItem(KEY, JSON.stringify({ before: plain(tabs.slice(0, at)), after: plain(tabs.slice(at + 1)) }));
    } catch {
      onFail();
    }
  });
}
