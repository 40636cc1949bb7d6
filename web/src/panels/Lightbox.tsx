import { ChevronLeft, ChevronRight, Download, RotateCcw, Trash2, Workflow, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { t } from "../text";
import { durationText } from "./when";
import { Button, IconButton } from "../lib/ui";
import { openJob, removeJob, renderAgain } from "./jobs";
import { durationS, type GalleryItem, isVideo } from "./outputs";
import "./panels.css";

interface LightboxProps {
  readonly items: readonly GalleryItem[];
  readonly start: number;
  readonly onClose: () => void;
}

function Details({ item, place, total }: { item: GalleryItem; place: number; total: number }) {
  const seconds = durationS(item.job);
  const facts = [
    ...(seconds === null ? [] : [durationText(seconds)]),
    new Date(item.job.created_at).toLocaleString(),
    ...(total > 1 ? [t("panels.place", { index: place + 1, total })] : []),
  ];
  return (
    <div className="panel-lightbox-title">
      <strong>{item.output.filename}</strong>
      <span>{[item.job.name, ...facts].join(" \u00b7 ")}</span>
    </div>
  );
}

/** One result large, over the whole window. Arrow keys go through the list, Escape closes. */
export function Lightbox({ items, start, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [place, setPlace] = useState(start);
  const item = items[Math.min(place, items.length - 1)];
  useEffect(() => dialog.current?.showModal(), []);
  if (!item) return null;
  const { output, job } = item;

  function step(by: number): void {
    setPlace((old) => (old + by + items.length) % items.length);
  }

  function keyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.target instanceof HTMLVideoElement) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  }

  async function open(): Promise<void> {
    if (await openJob(job)) onClose();
  }

  return createPortal(
    <dialog
      ref={dialog}
      className="panel-lightbox"
      aria-label={output.filename}
      onClose={onClose}
      onKeyDown={keyDown}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <header>
        <Details item={item} place={place} total={items.length} />
        <Button size="s" icon={<Workflow size={14} />} onClick={() => void open()}>
          {t("panels.openWorkflow")}
        </Button>
        <a className="ui-button ui-ghost ui-size-s" href={output.url} download={output.filename}>
          <Download size={14} aria-hidden />
          {t("panels.download")}
        </a>
        <IconButton label={t("panels.again")} icon={<RotateCcw size={15} />} onClick={() => void renderAgain(job)} />
        <IconButton
          label={t("panels.delete")}
          icon={<Trash2 size={15} />}
          onClick={() => {
            onClose();
            void removeJob(job.prompt_id);
          }}
        />
        <IconButton label={t("panels.close")} keys="Esc" icon={<X size={17} />} onClick={onClose} />
      </header>
      <div className="panel-lightbox-media">
        {isVideo(output) ? (
          <video
            key={output.url}
            src={output.url}
            controls
            autoPlay
            loop
            muted
            playsInline
            aria-label={output.filename}
          />
        ) : (
          <img src={output.url} alt={output.filename} />
        )}
      </div>
      {items.length > 1 && (
        <>
          <button
            type="button"
            className="panel-lightbox-step"
            data-side="left"
            aria-label={t("panels.previous")}
            onClick={() => step(-1)}
          >
            <ChevronLeft size={22} aria-hidden />
          </button>
          <button
            type="button"
            className="panel-lightbox-step"
            data-side="right"
            aria-label={t("panels.next")}
            onClick={() => step(1)}
          >
            <ChevronRight size={22} aria-hidden />
          </button>
        </>
      )}
    </dialog>,
    document.body,
  );
}
