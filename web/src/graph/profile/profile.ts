/** Where a run's time goes, read for nodes and wires of the open graph. Pure. */
import type { ProfileData, WireFill } from "../../protocol/messages.gen";

/** How long a tick lasts: four frames at 24 a second. */
export const TICK_MS = 1000 / 6;

export type Profile = Pick<ProfileData, "nodes" | "wires">;

export const NO_PROFILE: Profile = Object.freeze({ nodes: {}, wires: [] });

/** A node of the open graph, or what stands inside an instance of a subgraph. */
function covers(path: string, node: string): boolean {
  return node === path || node.startsWith(`${path}/`);
}

/** Milliseconds a tick of a node, of an instance those of all inside it; null where none were measured. */
export function timeOf({ nodes }: Profile, path: string): number | null {
  const own = nodes[path];
  if (own !== undefined) return own;
  const inside = Object.keys(nodes).filter((node) => covers(path, node));
  return inside.length === 0 ? null : inside.reduce((sum, node) => sum + (nodes[node] ?? 0), 0);
}

export function totalMs({ nodes }: Profile): number {
  return Object.values(nodes).reduce((sum, ms) => sum + ms, 0);
}

/** A node's part of all nodes' time, between 0 and 1. */
export function shareOf(profile: Profile, ms: number): number {
  const total = totalMs(profile);
  return total > 0 ? ms / total : 0;
}

/** The fullest channel between two nodes; null where nothing flows every tick. */
export function fillOf({ wires }: Profile, source: string, target: string): WireFill | null {
  const between = wires.filter((wire) => covers(source, wire.source) && covers(target, wire.target));
  return between.reduce<WireFill | null>((most, wire) => (most && most.fill >= wire.fill ? most : wire), null);
}

export interface Ranked {
  readonly node: string;
  readonly ms: number;
  readonly share: number;
}

/** The nodes that take most, slowest first. */
export function slowest(profile: Profile, count: number): readonly Ranked[] {
  return Object.entries(profile.nodes)
    .map(([node, ms]) => ({ node, ms, share: shareOf(profile, ms) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, count);
}

/** Two digits that matter: 0.04, 1.4, 23, 140. */
export function shortMs(ms: number): string {
  return ms < 0.1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

export const percent = (share: number): string => `${Math.round(share * 100)}`;
