/** Taking the picture elsewhere: as a PNG, as a WebM, into a small window of the browser, into a window of its own. */
import { canvasSurface } from "../playback/screens";
import { getScreens } from "../session";

const FPS = 24;
const WEBM_TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const BITS_PER_PIXEL = 0.35;
const KEPT_MS = 10_000;

export function saveFile(blob: Blob, stem: string, suffix: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = `${stem}-${new Date().toISOString().replace(/[:.]/g, "-")}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** Save the picture on show as a PNG of its own size. */
export async function saveSnapshot(nodeId: string): Promise<void> {
  const picture = getScreens().picture(nodeId);
  if (!picture) return;
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), "snapshot", "png");
}

/** A canvas outside the page that shows a node's pictures at their own size. */
function shadowCanvas(nodeId: string): { canvas: HTMLCanvasElement; release: () => void } {
  const canvas = document.createElement("canvas");
  const picture = getScreens().picture(nodeId);
  canvas.width = picture?.width ?? 16;
  canvas.height = picture?.height ?? 9;
  return { canvas, release: getScreens().attach(nodeId, canvasSurface(canvas)) };
}

export interface Recording {
  /** Ends the recording and saves it. */
  stop(): void;
}

export const canRecord = (): boolean => typeof MediaRecorder !== "undefined";

/** Record what the stage shows as WebM, until it is stopped. The take has every frame; this has what was seen. */
export function startRecording(nodeId: string): Recording {
  const { canvas, release } = shadowCanvas(nodeId);
  const mimeType = WEBM_TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
  const videoBitsPerSecond = Math.max(1_500_000, canvas.width * canvas.height * FPS * BITS_PER_PIXEL);
  const recorder = new MediaRecorder(canvas.captureStream(FPS), { mimeType, videoBitsPerSecond });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    release();
    saveFile(new Blob(parts, { type: "video/webm" }), "stage", "webm");
  };
  recorder.start(1000);
  return {
    stop() {
      if (recorder.state !== "inactive") recorder.stop();
    },
  };
}

export const canPictureInPicture = (): boolean => document.pictureInPictureEnabled === true;

/** Show the picture in the browser's small window on top of everything; `closed` is called when it ends. */
export async function openPictureInPicture(nodeId: string, closed: () => void): Promise<() => void> {
  const { canvas, release } = shadowCanvas(nodeId);
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = canvas.captureStream(FPS);
  await video.play();
  const ended = () => {
    release();
    video.srcObject = null;
    closed();
  };
  video.addEventListener("leavepictureinpicture", ended, { once: true });
  try {
    await video.requestPictureInPicture();
  } catch (error) {
    ended();
    throw error;
  }
  return () => void document.exitPictureInPicture().catch(ended);
}

/** Show the picture in a window of its own; keys pressed there steer as on the stage. Null where the browser forbids it. */
export function openWindow(nodeId: string, title: string, onKey: (event: KeyboardEvent) => void): Window | null {
  const other = window.open("", "nodegraph-stage", "popup,width=960,height=600");
  if (!other) return null;
  const { document: page } = other;
  page.title = title;
  page.body.replaceChildren();
  page.body.style.cssText = "margin:0;height:100vh;background:#050608;display:grid;place-items:center;overflow:hidden";
  const canvas = page.createElement("canvas");
  canvas.style.cssText = "width:100%;height:100%;object-fit:contain";
  page.body.append(canvas);
  const release = getScreens().attach(nodeId, canvasSurface(canvas));
  for (const name of ["keydown", "keyup"] as const) other.addEventListener(name, onKey);
  other.addEventListener("pagehide", release, { once: true });
  return other;
}
