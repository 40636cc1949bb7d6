import { useEffect, useRef, useState } from "react";
import { t } from "../../text";
import { type Reviewed, reviewStore, useReview } from "./review_store";
import { frameUrl, videoUrl } from "./take_urls";
import { videoSeconds, videoTick } from "./video_time";
import { Wipe } from "./Wipe";
import "./review.css";

const TICK_MS = 1000 / 6;
/** Further apart than this the second video is moved to the first. */
const OUT_OF_STEP_S = 0.12;

/** Keeps the picture on show until the next one has come: no flicker while scrubbing, and never more than one request. */
function useSteadyImage(wanted: string): string | null {
  const [shown, setShown] = useState<string | null>(null);
  const newest = useRef(wanted);
  const loading = useRef(false);
  useEffect(() => {
    newest.current = wanted;
    if (loading.current) return;
    const load = (url: string) => {
      loading.current = true;
      const image = new Image();
      const done = (ok: boolean) => {
        loading.current = false;
        if (ok) setShown(url);
        if (newest.current !== url) load(newest.current);
      };
      image.onload = () => done(true);
      image.onerror = () => done(false);
      image.src = url;
    };
    load(wanted);
  }, [wanted]);
  return shown;
}

function Still({ take, tick }: { take: Reviewed; tick: number }) {
  const url = useSteadyImage(frameUrl(take.takeId, Math.max(take.firstTick, Math.min(tick, take.lastTick))));
  if (url === null) return null;
  return <img src={url} alt={t("stage.review.picture", { name: take.name, tick })} draggable={false} />;
}

/** Plays the take from the tick under the playhead and takes the playhead along. */
function Film({ take, leads }: { take: Reviewed; leads: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.currentTime = videoSeconds(reviewStore.getState().tick, take.firstTick);
    element.play().catch(() => reviewStore.setState({ playing: false }));
    let frame = requestAnimationFrame(follow);
    function follow(): void {
      if (element) keepStep(element, take, leads);
      frame = requestAnimationFrame(follow);
    }
    return () => cancelAnimationFrame(frame);
  }, [take, leads]);
  return (
    <video
      ref={video}
      src={videoUrl(take.takeId)}
      muted
      playsInline
      aria-label={take.name}
      onEnded={() => leads && reviewStore.setState({ playing: false })}
    />
  );
}

function keepStep(video: HTMLVideoElement, take: Reviewed, leads: boolean): void {
  if (leads) {
    const tick = videoTick(video.currentTime, take.firstTick);
    if (!video.seeking && tick !== reviewStore.getState().tick) reviewStore.setState({ tick });
    return;
  }
  const wanted = videoSeconds(reviewStore.getState().tick, take.firstTick);
  if (!video.seeking && Math.abs(video.currentTime - wanted) > OUT_OF_STEP_S) video.currentTime = wanted;
}

/** A take that is still being recorded plays as single pictures, one a tick. */
function useTickPlayer(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => reviewStore.setState(({ tick }) => ({ tick: tick + 1 })), TICK_MS);
    return () => clearInterval(timer);
  }, [active]);
}

function Layer({ take, leads }: { take: Reviewed; leads: boolean }) {
  const tick = useReview((state) => state.tick);
  const playing = useReview((state) => state.playing);
  useTickPlayer(playing && leads && !take.hasVideo);
  if (playing && take.hasVideo) return <Film take={take} leads={leads} />;
  return <Still take={take} tick={tick} />;
}

/** Recorded pictures over the live one: one take, or two with a wipe between them. */
export function Review() {
  const a = useReview((state) => state.a);
  const b = useReview((state) => state.b);
  const tick = useReview((state) => state.tick);
  const split = useReview((state) => state.split);
  if (!a) return null;
  return (
    <section className="stage-review" aria-label={t("stage.review.title")} data-compare={b !== null || undefined}>
      <div className="stage-review-layer">
        <Layer key={a.takeId} take={a} leads />
      </div>
      {b && (
        <>
          <div className="stage-review-layer" style={{ clipPath: `inset(0 0 0 ${split * 100}%)` }}>
            <Layer key={b.takeId} take={b} leads={false} />
          </div>
          <Wipe a={a.name} b={b.name} />
        </>
      )}
      <p className="stage-review-badge">{t("stage.review.badge", { name: a.name, tick })}</p>
    </section>
  );
}
