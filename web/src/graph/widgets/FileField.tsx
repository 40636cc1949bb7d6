import { ChevronDown, FileUp, LoaderCircle } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { errorText } from "../../lib/error_text";
import { toast } from "../../lib/toast";
import type { FileWidget } from "../../protocol/schema";
import { t } from "../../text";
import type { FieldProps } from "./field";
import { inputUrl } from "./input_url";
import { ACCEPTS, isFitting, upload } from "./uploads";
import { sibling, usePlace } from "./use_field";

const FileBrowser = lazy(() => import("../../widgets/files/FileBrowser"));
const ClipPlayer = lazy(() => import("../../widgets/pose/ClipPlayer"));

/** A file that was uploaded before, or a new one: chosen, or dropped anywhere onto the node. */
export function FileField({ label, value, widget, onChange }: FieldProps<FileWidget>) {
  const host = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(false);
  const place = usePlace(widget);
  const path = typeof value === "string" && value !== "" ? value : null;

  async function take(file: File | undefined) {
    if (!file) return;
    setBusy(true);
    try {
      onChange(await upload(file, widget.accept));
    } catch (error) {
      toast({ kind: "error", title: t("widgets.file.failed"), detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  }

  useDropOntoNode(host, widget.accept, take);
  return (
    <div className="gn-file nodrag" ref={host}>
      {path && <Preview path={path} kind={widget.accept} loop={sibling(place, "loop") !== false} />}
      <div className="gn-file-row">
        <button
          type="button"
          className="gn-file-name"
          aria-haspopup="dialog"
          aria-label={`${label}: ${path ?? t("widgets.file.none")}`}
          title={path ?? t("widgets.file.dropHint")}
          onClick={() => setOpen(true)}
        >
          <span>{busy ? t("widgets.file.uploading") : (path ?? t("widgets.file.none"))}</span>
          {busy ? <LoaderCircle className="gn-spin" size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />}
        </button>
        <UploadButton label={label} accept={ACCEPTS[widget.accept]} onPick={take} />
      </div>
      {open && (
        <Suspense>
          <FileBrowser
            kind={widget.accept}
            chosen={path}
            onChoose={(next) => {
              onChange(next);
              setOpen(false);
            }}
            onUpload={(file) => {
              setOpen(false);
              void take(file);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Files may be dropped anywhere on the node; those of another kind go on to the page, which opens workflows. */
function useDropOntoNode(
  host: React.RefObject<HTMLElement | null>,
  kind: FileWidget["accept"],
  take: (file: File | undefined) => Promise<void>,
): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const node = host.current?.closest<HTMLElement>(".gn-node");
    if (!node) return;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      node.dataset.drop = "true";
    };
    const leave = (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && node.contains(event.relatedTarget))) delete node.dataset.drop;
    };
    const drop = (event: DragEvent) => {
      delete node.dataset.drop;
      const file = [...(event.dataTransfer?.files ?? [])].find((one) => isFitting(one, kind));
      // Without stopping the event: the page must learn that the drag has ended.
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      void latest.current(file);
    };
    node.addEventListener("dragover", over);
    node.addEventListener("dragleave", leave);
    node.addEventListener("drop", drop);
    return () => {
      node.removeEventListener("dragover", over);
      node.removeEventListener("dragleave", leave);
      node.removeEventListener("drop", drop);
    };
  }, [host, kind]);
}

interface PreviewProps {
  readonly path: string;
  readonly kind: FileWidget["accept"];
  readonly loop: boolean;
}

function Preview({ path, kind, loop }: PreviewProps) {
  const url = inputUrl(path);
  if (kind === "image") return <img src={url} alt={path} loading="lazy" />;
  if (kind === "video") {
    // biome-ignore lint/a11y/useMediaCaption: an upload has no words of its own to caption
    return <video src={url} controls preload="metadata" aria-label={path} />;
  }
  return (
    <Suspense>
      <ClipPlayer url={url} loop={loop} />
    </Suspense>
  );
}

interface UploadButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly onPick: (file: File | undefined) => Promise<void>;
}

function UploadButton({ label, accept, onPick }: UploadButtonProps) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label={`${label}: ${t("widgets.file.upload")}`}
        title={t("widgets.file.upload")}
        onClick={() => chooser.current?.click()}
      >
        <FileUp size={14} aria-hidden />
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={accept}
        onChange={(event) => {
          void onPick(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}
