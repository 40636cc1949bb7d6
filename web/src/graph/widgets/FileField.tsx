import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { api } from "../../lib/api";
import { errorText, text } from "../../lib/text";
import { toast } from "../../lib/toast";
import type { AssetsAnswer, UploadAnswer } from "../../protocol/messages.gen";
import type { FileWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";

const ACCEPTS: Readonly<Record<FileWidget["accept"], string>> = {
  image: "image/png,image/jpeg,image/webp",
  pose: "application/json,.json",
  video: "video/mp4,video/webm",
};

/** Upload a file; the answer is its path inside the input folder, which is the widget's value. */
async function upload(file: File, kind: FileWidget["accept"]): Promise<string> {
  const form = new FormData();
  form.append(kind === "image" ? "image" : "file", file, file.name);
  form.append("kind", kind);
  const answer = await api<UploadAnswer>("POST", kind === "image" ? "/upload/image" : "/api/upload", form);
  return answer.subfolder ? `${answer.subfolder}/${answer.name}` : answer.name;
}

/** Where the server shows an uploaded picture. */
function thumbnail(path: string): string {
  const cut = path.lastIndexOf("/");
  const subfolder = path.slice(0, Math.max(0, cut));
  return `/view?${new URLSearchParams({ filename: path.slice(cut + 1), subfolder, type: "input" })}`;
}

/** A file that was uploaded before, or a new one: chosen, or dropped onto the field. */
export function FileField({ label, value, widget, onChange }: FieldProps<FileWidget>) {
  const [busy, setBusy] = useState(false);
  const path = typeof value === "string" && value !== "" ? value : null;

  async function take(file: File | undefined) {
    if (!file) return;
    setBusy(true);
    try {
      onChange(await upload(file, widget.accept));
    } catch (error) {
      toast({ kind: "error", title: text.widgets.uploadFailed, detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <div
      className="gn-file nodrag"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void take(event.dataTransfer.files[0]);
      }}
    >
      {path && widget.accept === "image" && <img src={thumbnail(path)} alt={path} loading="lazy" />}
      <div className="gn-file-row">
        <UploadedFiles label={label} kind={widget.accept} path={path} busy={busy} onChange={onChange} />
        <UploadButton label={label} accept={ACCEPTS[widget.accept]} onPick={take} />
      </div>
    </div>
  );
}

interface UploadedFilesProps {
  readonly label: string;
  readonly kind: FileWidget["accept"];
  readonly path: string | null;
  readonly busy: boolean;
  readonly onChange: (value: string) => void;
}

/** The list of earlier uploads is asked for when somebody turns to the field. */
function UploadedFiles({ label, kind, path, busy, onChange }: UploadedFilesProps) {
  const [known, setKnown] = useState<readonly string[]>([]);
  async function load() {
    try {
      const { assets } = await api<AssetsAnswer>("GET", `/api/assets?kind=${kind}`);
      setKnown(assets.map((asset) => asset.value));
    } catch {
      setKnown([]);
    }
  }
  const options = path !== null && !known.includes(path) ? [path, ...known] : known;
  return (
    <select
      className="gn-select"
      aria-label={label}
      value={path ?? ""}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onChange={(event) => onChange(event.target.value)}
    >
      {(path === null || busy) && <option value="">{busy ? text.widgets.uploading : text.widgets.noFile}</option>}
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
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
        aria-label={`${label}: ${text.widgets.chooseFile}`}
        title={text.widgets.chooseFile}
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
