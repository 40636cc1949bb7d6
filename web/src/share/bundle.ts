/**
 * A shared take as a file: the page (HTML) or the ZIP that the timeline downloads. Reading one executes nothing of it:
 * the page is searched as text, and what stands in it goes through the same checks as any workflow from outside.
 */
import { DocumentError, isRecord, parseDocument } from "../document/parse";
import type { WorkflowDocument } from "../document/types";
import { t } from "../text";
import { type ZipEntry, zipContent, zipEntries } from "./zip";

export interface SharedControl {
  readonly tick: number;
  readonly node: string;
  readonly input: string;
  readonly value: unknown;
}

export interface SharedMarker {
  readonly tick: number;
  readonly name: string;
}

/** What a bundle tells beside the workflow. */
export interface SharedTake {
  readonly name: string;
  readonly seed: number | null;
  readonly model: string | null;
  readonly ticks: number;
  /** The tick with which the film begins; a branch's begins in the middle. */
  readonly firstTick: number;
  readonly controls: readonly SharedControl[];
  readonly markers: readonly SharedMarker[];
  /** Read when somebody wants to see it; null where the bundle has no film. */
  readonly film: (() => Promise<Blob>) | null;
}

export interface Bundle {
  readonly workflow: WorkflowDocument;
  readonly take: SharedTake;
}

const KIND = "nodegraph_take";
const JSON_AT_MOST = 24 * 1024 * 1024;
const FILM_AT_MOST = 1024 * 1024 * 1024;
const OPENING = '<script type="application/json" id="nodegraph-bundle">';
const FILM_BLOCK = /<script type="text\/plain" class="film">([A-Za-z0-9+/=]*)<\/script>/g;

/** The bundle in a file; null where the file is something else. Throws `DocumentError` where it is a broken one. */
export async function readBundle(file: File): Promise<Bundle | null> {
  const name = file.name.toLowerCase();
  if (name.endsWith(".zip")) return readArchive(file);
  if (name.endsWith(".html") || name.endsWith(".htm")) return readPage(file);
  return null;
}

async function readPage(file: File): Promise<Bundle | null> {
  const head = await file.slice(0, JSON_AT_MOST).text();
  const start = head.indexOf(OPENING);
  if (start < 0) return null;
  const end = head.indexOf("</script>", start);
  const value = parsed(head.slice(start + OPENING.length, end < 0 ? undefined : end));
  const hasFilm = head.includes('class="film"', end);
  return bundleOf(value, hasFilm ? () => filmOfPage(file) : null);
}

async function filmOfPage(file: File): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const [, block = ""] of (await file.text()).matchAll(FILM_BLOCK)) {
    pieces.push(Uint8Array.from(atob(block), (char) => char.charCodeAt(0)));
  }
  return new Blob(pieces, { type: "video/mp4" });
}

async function readArchive(file: File): Promise<Bundle | null> {
  let entries: readonly ZipEntry[];
  try {
    entries = await zipEntries(file);
  } catch {
    return null;
  }
  const find = (name: string) => entries.find((entry) => entry.name === name);
  const about = find("bundle.json");
  if (!about) return null;
  const film = find("video.mp4");
  let text: string;
  try {
    text = await (await zipContent(file, about, JSON_AT_MOST)).text();
  } catch {
    throw new DocumentError(t("share.damaged"));
  }
  const open = film && (async () => new Blob([await zipContent(file, film, FILM_AT_MOST)], { type: "video/mp4" }));
  return bundleOf(parsed(text), open ?? null);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new DocumentError(t("share.damaged"));
  }
}

function bundleOf(value: unknown, film: SharedTake["film"]): Bundle {
  if (!isRecord(value) || value.kind !== KIND) throw new DocumentError(t("share.damaged"));
  if (typeof value.schema !== "number" || value.schema > 1) throw new DocumentError(t("app.document.newer"));
  const workflow = parseDocument(value.workflow);
  const take = isRecord(value.take) ? value.take : {};
  return {
    workflow,
    take: {
      name: typeof take.name === "string" ? take.name : workflow.name,
      seed: typeof take.seed === "number" ? take.seed : null,
      model: typeof take.model === "string" ? take.model : null,
      ticks: whole(take.ticks),
      firstTick: whole(take.first_tick),
      controls: list(take.controls).map(({ tick, node, input, value: to }) => ({
        tick: whole(tick),
        node: String(node),
        input: String(input),
        value: to,
      })),
      markers: list(take.markers).map(({ tick, name }) => ({ tick: whole(tick), name: String(name) })),
      film,
    },
  };
}

const whole = (value: unknown) => (typeof value === "number" && value > 0 ? Math.floor(value) : 0);
const list = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
