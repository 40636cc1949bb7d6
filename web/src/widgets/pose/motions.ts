/** The character's own motions: the server makes them, and lays one among the uploads when it is chosen. */
import { api } from "../../lib/api";
import type { MotionAnswer, MotionEntry, MotionsAnswer } from "../../protocol/messages.gen";

const path = (name: string): string => `/api/motions/${encodeURIComponent(name)}`;

export async function listMotions(): Promise<readonly MotionEntry[]> {
  return (await api<MotionsAnswer>("GET", "/api/motions")).motions;
}

/** Where the clip of a motion can be read. */
export const motionUrl = path;

/** Put a motion among the uploads; the answer is what a node's file input is given. */
export async function layMotion(name: string): Promise<string> {
  return (await api<MotionAnswer>("POST", path(name))).value;
}

/** The name of an upload that is one of these motions, or null. */
export function motionOf(value: string): string | null {
  return /^motions\/([a-z]+)\.json$/.exec(value)?.[1] ?? null;
}
