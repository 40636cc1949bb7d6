import {
  ChevronDown,
  ChevronsLeft,
  ChevronsRight,
  ChevronUp,
  ChartLine,
  Clapperboard,
  Download,
  EqualApproximately,
  GitBranch,
  FlagTriangleRight,
  GitFork,
  Globe,
  Layers,
  ListPlus,
  Maximize,
  Pause,
  Play,
  Radio,
  Rewind,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { keymapStore } from "../app/keymap";
import { type TimelineAction, timelineKeys } from "../app/timeline_keys";
import { useReview } from "../live/review/review_store";
import { useLiveRun } from "../live/store";
import { Button, IconButton } from "../lib/ui";
import { languageStore, t } from "../text";
import { DraftBar } from "./DraftBar";
import { openTimelineDialog } from "./dialog_store";
import { continueBeside, continueHere, continueNearly } from "./going_on";
import { heldAt } from "./held";
import { wayText } from "./held_text";
import { RenderDialog } from "./RenderDialog";
import { backToLive, scrubTo, togglePlay } from "./reviewing";
import { clock } from "./scale";
import { bundleUrl } from "./take_api";
import { selectedTake, setOpen, setZoom, timelineStore, useTimeline } from "./timeline_store";

const ZOOM_STEP = 1.5;

/** The keys of an action for its button, as the user has them now. */
function useKeys(): (action: TimelineAction) => { keys?: string } {
  const { keys: keymap } = useStore(keymapStore);
  return (action) => {
    const keys = timelineKeys(action, keymap);
    return keys === undefined ? {} : { keys };
  };
}

function Transport() {
  const take = useTimeline(selectedTake);
  const playing = useReview((state) => state.playing);
  const keys = useKeys();
  if (!take) return null;
  const { first, last } = take.summary;
  return (
    <div className="tl-group" role="group" aria-label={t("timeline.playhead")}>
      <IconButton
        size="s"
        label={t("timeline.toStart")}
        {...keys("start")}
        icon={<ChevronsLeft size={15} />}
        onClick={() => scrubTo(take.take_id, first)}
      />
      <IconButton
        size="s"
        label={playing ? t("timeline.pause") : t("timeline.play")}
        {...keys("play")}
        icon={playing ? <Pause size={14} /> : <Play size={14} />}
        onClick={togglePlay}
      />
      <IconButton
        size="s"
        label={t("timeline.toEnd")}
        {...keys("end")}
        icon={<ChevronsRight size={15} />}
        onClick={() => scrubTo(take.take_id, last)}
      />
    </div>
  );
}

/** Where the playhead stands and what going on from there would cost. */
function Where() {
  const take = useTimeline(selectedTake);
  const playhead = useTimeline((state) => state.playhead);
  const live = useTimeline((state) => state.atLiveEdge);
  const run = useLiveRun();
  if (!take) return null;
  const found = heldAt(take, playhead);
  const nearly = playhead >= (take.approximate_from ?? Number.POSITIVE_INFINITY);
  const running = run.status === "running" && run.takeId === take.take_id;
  return (
    <>
      <output className="tl-time" aria-live="off">
        <b>{clock(playhead, true)}</b> {t("timeline.tick", { tick: playhead })}
      </output>
      {running && live ? (
        <span className="tl-chip" data-kind="live">
          {t("timeline.atLive")}
        </span>
      ) : (
        <button
          type="button"
          className="tl-chip tl-wide"
          data-held={found.kind}
          title={t("timeline.held.open")}
          onClick={() => openTimelineDialog({ kind: "held" })}
        >
          {wayText(found)}
        </button>
      )}
      {nearly && (
        <span className="tl-chip tl-wide" data-held="approximate" title={t("timeline.approximate.take")}>
          {t("timeline.approximate")}
        </span>
      )}
    </>
  );
}

function Ways() {
  const take = useTimeline(selectedTake);
  const run = useLiveRun();
  const reviewing = useReview((state) => state.a !== null);
  const playhead = useTimeline((state) => state.playhead);
  const draft = useTimeline((state) => state.draft);
  const [busy, setBusy] = useState(false);
  if (!take) return null;
  const live = run.status === "running";
  const own = live && run.takeId === take.take_id;
  const changed = draft?.takeId === take.take_id;
  const { kind, nearly } = heldAt(take, playhead);
  const gone = kind === "latents" && !changed;
  const act = (way: () => Promise<unknown>) => {
    setBusy(true);
    void way().finally(() => setBusy(false));
  };
  return (
    <div className="tl-group">
      {reviewing && live && (
        <Button size="s" icon={<Radio size={13} />} onClick={backToLive}>
          {t("timeline.live")}
        </Button>
      )}
      <Button
        size="s"
        variant={reviewing ? "primary" : "ghost"}
        icon={own ? <Rewind size={13} /> : <GitBranch size={13} />}
        title={gone ? t("timeline.nearlyHint") : own ? t("timeline.rewindHint") : t("timeline.continueHint")}
        disabled={busy}
        onClick={() => act(continueHere)}
      >
        {gone ? t("timeline.nearly") : own ? t("timeline.rewind") : t("timeline.continue")}
      </Button>
      {nearly && reviewing && !changed && (
        <Button
          size="s"
          icon={<EqualApproximately size={13} />}
          title={t("timeline.nearlyHint")}
          disabled={busy}
          onClick={() => act(continueNearly)}
        >
          {t("timeline.nearly")}
        </Button>
      )}
      {live && (
        <Button
          size="s"
          icon={<GitFork size={13} />}
          title={t("timeline.besideHint")}
          disabled={busy}
          onClick={() => act(continueBeside)}
        >
          {t("timeline.beside")}
        </Button>
      )}
    </div>
  );
}

/** What is put onto the take by hand, at the playhead. */
function Additions() {
  const take = useTimeline(selectedTake);
  const tick = useTimeline((state) => state.playhead);
  const keys = useKeys();
  if (!take) return null;
  return (
    <div className="tl-group tl-wide">
      <IconButton
        size="s"
        label={t("timeline.lane.add")}
        {...keys("add")}
        icon={<ListPlus size={15} />}
        onClick={() => openTimelineDialog({ kind: "add", tick, lane: null })}
      />
      <IconButton
        size="s"
        label={t("timeline.mark.here")}
        {...keys("mark")}
        icon={<FlagTriangleRight size={14} />}
        onClick={() => openTimelineDialog({ kind: "marker", tick })}
      />
    </div>
  );
}

function Files() {
  const take = useTimeline(selectedTake);
  const [rendering, setRendering] = useState(false);
  const { language } = useStore(languageStore);
  if (!take) return null;
  return (
    <div className="tl-group tl-wide">
      <IconButton
        size="s"
        label={t("timeline.render")}
        icon={<Clapperboard size={14} />}
        onClick={() => setRendering(true)}
      />
      <a
        className="ui-icon-button ui-size-s"
        href={bundleUrl(take.take_id, "html", language)}
        download
        aria-label={t("share.downloadPage")}
        title={t("share.downloadPageHint")}
      >
        <Globe size={14} aria-hidden />
      </a>
      <a
        className="ui-icon-button ui-size-s"
        href={bundleUrl(take.take_id, "zip", language)}
        download
        aria-label={t("timeline.download")}
        title={t("timeline.downloadHint")}
      >
        <Download size={14} aria-hidden />
      </a>
      {rendering && <RenderDialog take={take} onClose={() => setRendering(false)} />}
    </div>
  );
}

function View() {
  const pxPerTick = useTimeline((state) => state.pxPerTick);
  const showStats = useTimeline((state) => state.showStats);
  const keys = useKeys();
  const known = useTimeline((state) => selectedTake(state) !== null);
  return (
    <div className="tl-group tl-wide" role="group" aria-label={t("timeline.fit")}>
      {known && (
        <IconButton
          size="s"
          label={t("timeline.held.title")}
          {...keys("held")}
          icon={<Layers size={14} />}
          onClick={() => openTimelineDialog({ kind: "held" })}
        />
      )}
      <IconButton
        size="s"
        label={t("timeline.stats")}
        active={showStats}
        icon={<ChartLine size={14} />}
        onClick={() => timelineStore.setState({ showStats: !showStats })}
      />
      <IconButton
        size="s"
        label={t("timeline.zoomOut")}
        icon={<ZoomOut size={14} />}
        onClick={() => setZoom(pxPerTick / ZOOM_STEP)}
      />
      <IconButton
        size="s"
        label={t("timeline.zoomIn")}
        icon={<ZoomIn size={14} />}
        onClick={() => setZoom(pxPerTick * ZOOM_STEP)}
      />
      <IconButton
        size="s"
        label={t("timeline.fit")}
        icon={<Maximize size={14} />}
        onClick={() => timelineStore.setState({ zoomed: false })}
      />
    </div>
  );
}

/** The bar of the timeline: always there, also while the tracks are closed. */
export function TimelineBar() {
  const open = useTimeline((state) => state.open);
  return (
    <div className="tl-bar" role="toolbar" aria-label={t("timeline.title")}>
      <button
        type="button"
        className="tl-toggle"
        aria-expanded={open}
        title={open ? t("timeline.close") : t("timeline.open")}
        onClick={() => setOpen(!open)}
      >
        {open ? <ChevronDown size={15} aria-hidden /> : <ChevronUp size={15} aria-hidden />}
        {t("timeline.title")}
      </button>
      <Transport />
      <Where />
      <DraftBar />
      <span className="tl-spring" />
      <Ways />
      <Additions />
      <Files />
      {open && <View />}
    </div>
  );
}
