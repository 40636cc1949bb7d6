import { FileUp, ImageIcon } from "lucide-react";
import { useRef, useState } from "react";
import { api } from "../../lib/api";
import { errorText, text } from "../../lib/text";
import { toast } from "../../lib/toast";
import type { FileWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";

const ACCEPTS: Readonly<Record<FileWidget["accept"], string>> = {
  image: "image/png,image/jpeg,image/webp",
  pose: "application/json,.json",
  video: "video/mp4,video/webm",
};

interface Uploaded {
  readonly name: string;
  readonly subfolder?: string;
}

/** The value is the file's path inside the input folder. */
async function upload(file: File, kind: FileWidget["accept"]): Promise<string> {
  const form = new FormData();
  form.append(kind === "image" ? "image" : "file", file, file.name);
  form.append("kind", kind);
  const answer = await api<Uploaded>("POST", kind === "image" ? "/upload/image" : "/api/upload", form);
  return answer.subfolder ? `${answer.subfolder}/${answer.name}` : answer.name;
}

/** Where the server shows an uploaded picture. */
function thumbnail(path: string): string {
  const cut = path.lastIndexOf("/");
  const query = new URLSearchParams({
    filename: path.slice(cut + 1),
    subfolder: path.slice(0, Math.max(0, cut)),
    type: "input",
  });
  return `/view?${query}`;
}

export function FileField({ label, value, widget, onChange }: FieldProps<FileWidget>) {
  const chooser = useRef<HTMLInputElement>(null);
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
      <button
        type="button"
        onClick={() => chooser.current?.click()}
        aria-label={`${label}: ${text.widgets.chooseFile}`}
      >
        {path ? <ImageIcon size={14} aria-hidden /> : <FileUp size={14} aria-hidden />}
        <span>{busy ? text.widgets.uploading : (path ?? text.widgets.chooseFile)}</span>
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={ACCEPTS[widget.accept]}
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </div>
  );
}
