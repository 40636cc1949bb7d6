/** Copy and paste through the system's clipboard, with a copy kept here for pages that may not read it. */
import { t } from "../text";
import { toast } from "../lib/toast";
import { copySelection, deleteSelection, pasteText } from "./actions";
import type { Point } from "./point";
import { pointerOrCentre, toCanvas } from "./canvas_api";

let lastCopied = "";

export async function copyToClipboard(): Promise<boolean> {
  const copied = copySelection();
  if (copied === null) return false;
  lastCopied = copied;
  try {
    await navigator.clipboard.writeText(copied);
  } catch {
    // Without permission the copy works inside this window only.
  }
  return true;
}

export async function cutToClipboard(): Promise<void> {
  if (await copyToClipboard()) deleteSelection();
}

/** Paste at a place in window pixels, by default where the pointer is. */
export async function pasteFromClipboard(at: Point = pointerOrCentre(), keepIncoming = false): Promise<void> {
  const place = toCanvas(at);
  const read = await readClipboard();
  if (pasteText(read, place, keepIncoming) || pasteText(lastCopied, place, keepIncoming)) return;
  toast({ kind: "info", title: t("graph.nothingToPaste") });
}

async function readClipboard(): Promise<string> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return lastCopied;
  }
}
