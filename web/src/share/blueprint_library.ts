/** Subgraphs kept for use in any workflow: in this browser, on the server, or both. The two lists are shown as one. */
import { createStore } from "zustand/vanilla";
import { isRecord, parseSubgraph } from "../document/parse";
import type { Blueprint } from "../graph/blueprints";
import { api } from "../lib/api";
import type { BlueprintBody, BlueprintsAnswer } from "../protocol/messages.gen";

/** Where a blueprint lives; `differs`: in both places, and not the same. The browser's is the one that is used then. */
export type Place = "browser" | "server" | "both" | "differs";

export interface KeptBlueprint extends Blueprint {
  readonly name: string;
  readonly place: Place;
}

interface Library {
  readonly browser: readonly Blueprint[];
  /** null: not read yet, or the server did not answer. */
  readonly server: readonly Blueprint[] | null;
  readonly blueprints: readonly KeptBlueprint[];
}

const KEY = "nodegraph.blueprints";

export const blueprintStore = createStore<Library>(() => {
  const browser = load();
  return { browser, server: null, blueprints: merged(browser, null) };
});

function nameOf({ subgraphs }: Blueprint): string {
  return subgraphs[0].name;
}

/** Both lists as one, by name. */
export function merged(browser: readonly Blueprint[], server: readonly Blueprint[] | null): readonly KeptBlueprint[] {
  const there = new Map((server ?? []).map((one) => [nameOf(one), one]));
  const here = new Set(browser.map(nameOf));
  const own = browser.map((one): KeptBlueprint => {
    const other = there.get(nameOf(one));
    const same = other && JSON.stringify(other.subgraphs) === JSON.stringify(one.subgraphs);
    return { ...one, name: nameOf(one), place: other ? (same ? "both" : "differs") : "browser" };
  });
  const others = [...there].flatMap(([name, one]): KeptBlueprint[] =>
    here.has(name) ? [] : [{ ...one, name, place: "server" }],
  );
  return [...own, ...others].sort((a, b) => a.name.localeCompare(b.name));
}

function load(): readonly Blueprint[] {
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.flatMap(readBlueprint) : [];
  } catch {
    return [];
  }
}

/** What somebody stored, as a blueprint; an empty list where it is none. */
export function readBlueprint(value: unknown): Blueprint[] {
  if (!isRecord(value) || !Array.isArray(value.subgraphs)) return [];
  try {
    const [first, ...rest] = value.subgraphs.filter(isRecord).map(parseSubgraph);
    return first ? [{ subgraphs: [first, ...rest] }] : [];
  } catch {
    return [];
  }
}

function set(next: Partial<Pick<Library, "browser" | "server">>): void {
  blueprintStore.setState((before) => {
    const { browser, server } = { ...before, ...next };
    return { browser, server, blueprints: merged(browser, server) };
  });
}

const without = (list: readonly Blueprint[], name: string) => list.filter((one) => nameOf(one) !== name);

const path = (name: string) => `/api/blueprints/${encodeURIComponent(name)}`;

/** Read the server's list; without the server the browser's own still stand. */
export async function loadServerBlueprints(): Promise<void> {
  try {
    const { blueprints } = await api<BlueprintsAnswer>("GET", "/api/blueprints");
    set({ server: blueprints.flatMap(readBlueprint) });
  } catch {
    set({ server: null });
  }
}

/** Keep one in this browser; one of the same name is replaced. Throws where the browser has no room. */
export function keepInBrowser(blueprint: Blueprint): void {
  const browser = [
    ...without(blueprintStore.getState().browser, nameOf(blueprint)),
    { subgraphs: blueprint.subgraphs },
  ];
  localStorage.setItem(KEY, JSON.stringify(browser));
  set({ browser });
}

/** Keep one on the server, for every browser that uses it. Throws `ApiError`. */
export async function keepOnServer(blueprint: Blueprint): Promise<void> {
  const { subgraphs } = blueprint;
  const body: BlueprintBody = { subgraphs: subgraphs as unknown as BlueprintBody["subgraphs"] };
  await api("PUT", path(nameOf(blueprint)), body);
  set({ server: [...without(blueprintStore.getState().server ?? [], nameOf(blueprint)), { subgraphs }] });
}

/** Take the server's one of this name over into the browser. */
export function takeFromServer(name: string): void {
  const found = blueprintStore.getState().server?.find((one) => nameOf(one) === name);
  if (found) keepInBrowser(found);
}

/** Delete one wherever it lives. Throws `ApiError` where the server keeps it. */
export async function removeBlueprint({ name, place }: Pick<KeptBlueprint, "name" | "place">): Promise<void> {
  if (place !== "browser") {
    await api("DELETE", path(name));
    set({ server: without(blueprintStore.getState().server ?? [], name) });
  }
  if (place === "server") return;
  const browser = without(blueprintStore.getState().browser, name);
  localStorage.setItem(KEY, JSON.stringify(browser));
  set({ browser });
}
