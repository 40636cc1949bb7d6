import { memo, type ReactNode, useState } from "react";
import { Columns2, Diamond, Flag, Pencil, Pin, Trash2 } from "lucide-react";
import { useReview } from "../live/review/review_store";
import { useLiveRun } from "../live/store";
import { Dialog } from "../lib/dialog";
import { Button, IconButton } from "../lib/ui";
import type { TakeAnswer, TakeEntry } from "../protocol/messages.gen";
import { t } from "../text";
import { openTimelineDialog } from "./dialog_store";
import { HeldBand } from "./HeldBand";
import { selectTake } from "./loading";
import { compareWith, scrubTo } from "./reviewing";
import { clock, TICKS_PER_SECOND } from "./scale";
import { thumbUrl } from "./take_api";
import { pin, remove, rename } from "./take_edits";
import { useTimeline } from "./timeline_store";
import type { View } from "./Tracks";
import type { TreeRow } from "./tree";

const THUMB_PX = 52;
const INDENT_PX = 12;

interface RowProps {
  readonly row: TreeRow;
  readonly top: number;
  readonly view: View;
  readonly pxPerTick: number;
}

/** Pictures along the take, as dense as they fit; only those in view. */
const Thumbs = memo(function Thumbs({ row: { take, from, to }, view, pxPerTick }: Omit<RowProps, "top">) {
  const everyTicks = Math.max(1, Math.ceil(THUMB_PX / (TICKS_PER_SECOND * pxPerTick))) * TICKS_PER_SECOND;
  const first = Math.max(from, view.from - everyTicks);
  // The picture of a second that is still being recorded may not be written yet.
  const last = take.status === "live" ? to - TICKS_PER_SECOND : to;
  const ticks: number[] = [];
  for (let tick = from + Math.floor((first - from) / everyTicks) * everyTicks; tick < Math.min(last, view.to); ) {
    ticks.push(tick);
    tick += everyTicks;
  }
  return (
    <div className="tl-thumbs" aria-hidden>
      {ticks.map((tick) => (
        <img
          key={tick}
          src={thumbUrl(take.take_id, tick)}
          alt=""
          draggable={false}
          loading="lazy"
          style={{ left: (tick - from) * pxPerTick, width: everyTicks * pxPerTick }}
          onError={(event) => {
            event.currentTarget.hidden = true;
          }}
        />
      ))}
    </div>
  );
});

function Marks({ take, from, pxPerTick }: { take: TakeAnswer; from: number; pxPerTick: number }) {
  return (
    <>
      {take.edits
        .filter(({ kind }) => kind !== "hot")
        .map(({ id, tick, changes }) => (
          <span
            key={`${id}${tick}`}
            className="tl-mark"
            style={{ left: (tick - from) * pxPerTick }}
            title={[t("timeline.edit", { tick }), ...changes].join("\n")}
          >
            <Diamond size={11} aria-hidden />
          </span>
        ))}
      {take.markers.map(({ name, tick }) => (
        <button
          key={`${name}${tick}`}
          type="button"
          className="tl-mark"
          data-kind="marker"
          style={{ left: (tick - from) * pxPerTick }}
          aria-label={t("timeline.marker", { name, tick })}
          title={t("timeline.mark.hint", { name, tick })}
          onClick={() => {
            scrubTo(take.take_id, tick);
            openTimelineDialog({ kind: "marker", tick });
          }}
        >
          <Flag size={11} aria-hidden />
        </button>
      ))}
    </>
  );
}

function NameField({ row, done }: { row: TreeRow; done: () => void }) {
  const { take_id, name } = row.take;
  function finish(value: string): void {
    done();
    if (value.trim() !== "" && value !== name) void rename(take_id, value.trim());
  }
  return (
    <input
      className="ui-input tl-name-field"
      aria-label={t("timeline.renameTake")}
      defaultValue={name}
      ref={(field) => field?.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape") done();
      }}
    />
  );
}

function RowTools({ row, renameIt, removeIt }: { row: TreeRow; renameIt: () => void; removeIt: () => void }) {
  const { take } = row;
  const selected = useTimeline((state) => state.selected === take.take_id);
  const compared = useReview((state) => state.b?.takeId === take.take_id);
  return (
    <div className="tl-row-tools">
      {!selected && (
        <IconButton
          size="s"
          className="tl-compare"
          label={compared ? t("timeline.compareEnd") : t("timeline.compare", { name: take.name })}
          active={compared}
          icon={<Columns2 size={13} />}
          onClick={() => compareWith(take.take_id)}
        />
      )}
      <IconButton
        size="s"
        label={t("timeline.pin")}
        active={take.pinned === true}
        icon={<Pin size={13} />}
        onClick={() => void pin(take.take_id, take.pinned !== true)}
      />
      <IconButton size="s" label={t("timeline.rename")} icon={<Pencil size={13} />} onClick={renameIt} />
      {take.status !== "live" && (
        <IconButton size="s" label={t("timeline.remove")} icon={<Trash2 size={13} />} onClick={removeIt} />
      )}
    </div>
  );
}

/** What is special about how a take is kept. */
function Signs({ take }: { take: TakeEntry }) {
  const parts = (take.thinned ?? []).map((part) => t(`timeline.kept.${part === "film" ? "video" : part}`)).join(", ");
  const sign = (kind: string, words: string, looks: ReactNode) => (
    <span className="tl-sign" data-sign={kind} role="img" aria-label={words} title={words}>
      {looks}
    </span>
  );
  return (
    <>
      {take.approximate && sign("approximate", t("timeline.approximate.take"), "\u2248")}
      {take.thinned && sign("thinned", t("timeline.kept.thinned", { parts }), "\u2298")}
      {take.pinned && sign("pinned", t("timeline.legend.pinned.why"), <Pin size={9} aria-hidden />)}
    </>
  );
}

function Label({ row }: { row: TreeRow }) {
  const { take, depth, from, to } = row;
  const selected = useTimeline((state) => state.selected === take.take_id);
  const live = useLiveRun().takeId === take.take_id && take.status === "live";
  const [renaming, setRenaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  return (
    <div className="tl-label" style={{ paddingLeft: 10 + Math.min(depth, 5) * INDENT_PX }}>
      {renaming ? (
        <NameField row={row} done={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          className="tl-name"
          aria-pressed={selected}
          aria-label={t("timeline.select", { name: take.name })}
          onClick={() => selectTake(take.take_id)}
          onDoubleClick={() => setRenaming(true)}
        >
          <i className="tl-dot" data-status={live ? "live" : take.status} aria-hidden />
          <span>{take.name}</span>
        </button>
      )}
      <div className="tl-meta">
        <span>
          {live ? t("timeline.recording") : take.status === "torn" ? t("timeline.torn") : clock(to - from, true)}
          {from > 0 && ` \u00b7 ${t("timeline.tick", { tick: from })}`}
          <Signs take={take} />
        </span>
        <RowTools row={row} renameIt={() => setRenaming(true)} removeIt={() => setRemoving(true)} />
      </div>
      {removing && (
        <Dialog title={t("timeline.removeTitle")} size="s" onClose={() => setRemoving(false)}>
          <div className="tl-confirm">
            <p>{t("timeline.removeDetail", { name: take.name })}</p>
            <Button
              variant="danger"
              onClick={() => {
                setRemoving(false);
                void remove(take.take_id);
              }}
            >
              {t("timeline.removeYes")}
            </Button>
            <Button onClick={() => setRemoving(false)}>{t("common.cancel")}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** One take: its name, and over time its pictures, what is kept of it, and what happened. */
export function TakeRow({ row, top, view, pxPerTick }: RowProps) {
  const { take, from, to } = row;
  const detail = useTimeline((state) => state.details[take.take_id]);
  const selected = useTimeline((state) => state.selected === take.take_id);
  const role = useReview(({ a, b }) => (a?.takeId === take.take_id ? "A" : b?.takeId === take.take_id ? "B" : null));
  return (
    <div className="tl-row" style={{ top }} data-selected={selected || undefined} data-take={take.take_id}>
      <Label row={row} />
      <div className="tl-track" data-track={take.take_id}>
        <div
          className="tl-strip"
          data-status={take.status}
          style={{ left: from * pxPerTick, width: Math.max(3, (to - from) * pxPerTick) }}
          title={take.status === "torn" && detail?.torn ? t("timeline.tornHint", { ...detail.torn }) : undefined}
        >
          <Thumbs row={row} view={view} pxPerTick={pxPerTick} />
          {role && <b className="tl-role">{role}</b>}
          {detail && <HeldBand take={detail} from={from} to={to} pxPerTick={pxPerTick} />}
          {detail && <Marks take={detail} from={from} pxPerTick={pxPerTick} />}
        </div>
      </div>
    </div>
  );
}
