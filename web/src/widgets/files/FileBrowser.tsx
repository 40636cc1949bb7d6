import { FileUp, FolderOpen } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { ACCEPTS, isFitting, uploaded } from "../../graph/widgets/uploads";
import { Dialog } from "../../lib/dialog";
import { Button, EmptyState, Spinner } from "../../lib/ui";
import type { AssetEntry } from "../../protocol/messages.gen";
import type { FileWidget } from "../../protocol/schema";
import { t } from "../../text";
import { ClipThumb } from "../pose/ClipThumb";
import { motionOf } from "../pose/motions";
import { MotionGrid } from "./MotionGrid";
import "../widgets.css";
import "./files.css";

interface FileBrowserProps {
  readonly kind: FileWidget["accept"];
  readonly chosen: string | null;
  readonly onChoose: (path: string) => void;
  readonly onUpload: (file: File) => void;
  readonly onClose: () => void;
}

/** Earlier uploads as pictures, newest first; a new file by button or by dropping it here. */
export default function FileBrowser({ kind, chosen, onChoose, onUpload, onClose }: FileBrowserProps) {
  const chooser = useRef<HTMLInputElement>(null);
  const [files, setFiles] = useState<readonly AssetEntry[] | null>(null);
  const [filter, setFilter] = useState("");
  useEffect(() => {
    uploaded(kind).then(setFiles, () => setFiles([]));
  }, [kind]);
  // The character's own motions stand above; those that were chosen before are not shown twice.
  const own = files?.filter(({ value }) => kind !== "pose" || motionOf(value) === null);
  const shown = own?.filter(({ value }) => value.toLowerCase().includes(filter.trim().toLowerCase()));

  function drop(event: DragEvent) {
    const file = [...event.dataTransfer.files].find((one) => isFitting(one, kind));
    if (!file) return;
    event.preventDefault();
    onUpload(file);
  }

  return (
    <Dialog title={t(`widgets.file.title.${kind}`)} size="m" onClose={onClose}>
      <div className="fb-body" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <div className="wd-bar">
          <input
            className="fb-filter"
            type="search"
            aria-label={t("widgets.file.filter")}
            placeholder={t("widgets.file.filter")}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Button size="s" icon={<FileUp size={14} />} onClick={() => chooser.current?.click()}>
            {t("widgets.file.upload")}
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            accept={ACCEPTS[kind]}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) onUpload(file);
            }}
          />
        </div>
        {kind === "pose" && filter === "" && <MotionGrid chosen={chosen} onChoose={onChoose} />}
        {shown === undefined && <Spinner label={t("widgets.loading")} />}
        {shown?.length === 0 && (
          <EmptyState
            icon={<FolderOpen size={28} />}
            title={t(filter ? "widgets.file.nothingFound" : "widgets.file.empty")}
            detail={t("widgets.file.emptyDetail")}
          />
        )}
        {shown && shown.length > 0 && (
          <ul className="fb-grid">
            {shown.map((file) => (
              <li key={file.value}>
                <button type="button" aria-pressed={file.value === chosen} onClick={() => onChoose(file.value)}>
                  <Thumbnail file={file} kind={kind} />
                  <span title={file.value}>{file.value}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Thumbnail({ file, kind }: { readonly file: AssetEntry; readonly kind: FileWidget["accept"] }) {
  if (kind === "image") return <img src={file.url} alt="" loading="lazy" />;
  if (kind === "video") return <video src={file.url} preload="metadata" muted />;
  return <ClipThumb url={file.url} playing={false} />;
}
