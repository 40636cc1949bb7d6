/** Takes and their branches as rows: a branch stands below its parent, joined to it at the tick where it left. Pure. */
import type { TakeEntry } from "../protocol/messages.gen";

export interface TreeRow {
  readonly take: TakeEntry;
  readonly depth: number;
  /** Row of the parent, or null for the first take of a tree, or one whose parent was deleted. */
  readonly parentRow: number | null;
  /** The first tick of its own and the one after the last; what came before is its parent's. */
  readonly from: number;
  readonly to: number;
}

/** First own tick: branches begin where they left their parent. */
export function firstTick(take: TakeEntry): number {
  return Math.min(take.ticks, take.parent === null ? 0 : (take.parent_tick ?? 0));
}

/** Newest trees first; within a tree parents before branches, and branches by the tick where they left. */
export function treeRows(takes: readonly TakeEntry[]): TreeRow[] {
  const known = new Set(takes.map(({ take_id }) => take_id));
  const children = new Map<string, TakeEntry[]>();
  const roots: TakeEntry[] = [];
  for (const take of takes) {
    if (take.parent === null || !known.has(take.parent)) roots.push(take);
    else children.set(take.parent, [...(children.get(take.parent) ?? []), take]);
  }
  const rows: TreeRow[] = [];
  const add = (take: TakeEntry, depth: number, parentRow: number | null) => {
    const from = firstTick(take);
    const row = rows.push({ take, depth, parentRow, from, to: take.ticks }) - 1;
    const branches = children.get(take.take_id) ?? [];
    for (const branch of branches.sort(byTick)) add(branch, depth + 1, row);
  };
  for (const root of roots.sort((a, b) => latest(b, children) - latest(a, children))) add(root, 0, null);
  return rows;
}

const byTick = (a: TakeEntry, b: TakeEntry) => (a.parent_tick ?? 0) - (b.parent_tick ?? 0) || a.created - b.created;

function latest(take: TakeEntry, children: ReadonlyMap<string, readonly TakeEntry[]>): number {
  return Math.max(take.created, ...(children.get(take.take_id) ?? []).map((branch) => latest(branch, children)));
}

/** The takes of one tree, by its root. */
export function treesOf(takes: readonly TakeEntry[]): ReadonlyMap<string, readonly TakeEntry[]> {
  const trees = new Map<string, TakeEntry[]>();
  for (const take of takes) trees.set(take.root, [...(trees.get(take.root) ?? []), take]);
  return trees;
}

/** One past the last tick of all rows. */
export function lastTick(rows: readonly TreeRow[]): number {
  return rows.reduce((most, { to }) => Math.max(most, to), 0);
}
