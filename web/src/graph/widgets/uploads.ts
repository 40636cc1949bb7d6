/** Files of file widgets: which are fitting, how they get to the server, which are there already. */
import { api } from "../../lib/api";
import type { AssetsAnswer, UploadAnswer } from "../../protocol/messages.gen";
import type { FileWidget } from "../../protocol/schema";

type Kind = FileWidget["accept"];

export const ACCEPTS: Readonly<Record<Kind, string>> = {
  image: "image/png,image/jpeg,image/webp",
  pose: "application/json,.json",
  video: "video/mp4,video/webm",
};

/** Whether a file is of a kind, by its type or, where the system gives none, by its ending. */
export function isFitting(file: Pick<File, "type" | "name">, kind: Kind): boolean {
  const ending = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  const endings: Readonly<Record<Kind, readonly string[]>> = {
    image: ["png", "jpg", "jpeg", "webp"],
    pose: ["json"],
    video: ["mp4", "webm"],
  };
  return ACCEPTS[kind].split(",").includes(file.type) || endings[kind].includes(ending);
}

/** Upload a file; the answer is its path inside the input folder, which is the widget's value. */
export async function upload(file: File, kind: Kind): Promise<string> {
  const form = new FormData();
  form.append(kind === "image" ? "image" : "file", file, file.name);
  form.append("kind", kind);
  const answer = await api<UploadAnswer>("POST", kind === "image" ? "/upload/image" : "/api/upload", form);
  return answer.subfolder ? `${answer.subfolder}/${answer.name}` : answer.name;
}

export async function uploaded(kind: Kind): Promise<AssetsAnswer["assets"]> {
  return (await api<AssetsAnswer>("GET", `/api/assets?kind=${kind}`)).assets;
}
