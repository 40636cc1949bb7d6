import { useEffect, useRef, useState } from "react";
import { useDocument } from "../document/hooks";
import { Dialog } from "../lib/dialog";
import { errorText } from "../lib/error_text";
import { EmptyState, Spinner } from "../lib/ui";
import { t } from "../text";
import { videoSeconds } from "../live/review/video_time";
import { valueText } from "../timeline/lanes";
import type { SharedTake } from "./bundle";

type Film = { readonly url: string } | { readonly error: string } | "loading" | "none";

/** The film is held as long as the dialog is open. */
function useFilm(open: SharedTake["film"]): Film {
  const [film, setFilm] = useState<Film>(open ? "loading" : "none");
  useEffect(() => {
    if (!open) return undefined;
    let url: string | null = null;
    let gone = false;
    open().then(
      (blob) => {
        if (gone) return;
        url = URL.createObjectURL(blob);
        setFilm({ url });
      },
      (error: unknown) => setFilm({ error: errorText(error) }),
    );
    return () => {
      gone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [open]);
  return film;
}

interface SharedTakeDialogProps {
  readonly take: SharedTake;
  readonly onClose: () => void;
}

/** The performance that came with a bundle: its film, and what was steered; a tick leads to its moment in the film. */
export default function SharedTakeDialog({ take, onClose }: SharedTakeDialogProps) {
  const video = useRef<HTMLVideoElement>(null);
  const film = useFilm(take.film);
  const nodes = useDocument((state) => state.doc.nodes);
  const titleOf = (id: string) => nodes.find((node) => node.id === id)?.title ?? id;
  const events = [
    ...take.markers.map(({ tick, name }) => ({ tick, what: name, value: "" })),
    ...take.controls.map(({ tick, node, input, value }) => ({
      tick,
      what: `${titleOf(node)}: ${input.replaceAll("_", " ")}`,
      value: valueText(value),
    })),
  ].sort((a, b) => a.tick - b.tick);
  return (
    <Dialog title={take.name} size="l" onClose={onClose}>
      <div className="share-take">
        {film === "loading" && <Spinner label={t("share.loading")} />}
        {film === "none" && <EmptyState title={t("share.noFilm")} />}
        {typeof film === "object" && "error" in film && <EmptyState title={t("share.damaged")} detail={film.error} />}
        {typeof film === "object" && "url" in film && (
          // biome-ignore lint/a11y/useMediaCaption: a generated film has no words to caption
          <video ref={video} src={film.url} controls loop playsInline aria-label={take.name} />
        )}
        <dl>
          {take.model !== null && <Fact name={t("share.model")} value={take.model} />}
          {take.seed !== null && <Fact name={t("share.seed")} value={String(take.seed)} />}
          <Fact name={t("share.length")} value={t("timeline.ticks", { n: take.ticks })} />
        </dl>
        {events.length === 0 ? (
          <p>{t("timeline.lane.none")}</p>
        ) : (
          <ol className="share-events" aria-label={t("share.steered")}>
            {events.map(({ tick, what, value }, place) => (
              <li key={`${tick} ${what} ${place}`}>
                <button
                  type="button"
                  onClick={() => {
                    if (video.current) video.current.currentTime = videoSeconds(tick, take.firstTick);
                  }}
                >
                  {t("timeline.tick", { tick })}
                </button>
                <b>{what}</b>
                <span>{value}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Dialog>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
