/** Body keypoints from the webcam. The model runs in this page; pictures never leave it. */
import { type Keypoint, type Landmark, toCoco } from "./landmarks";

const FILES = "/mediapipe";
const MODEL = `${FILES}/pose_landmarker_lite.task`;
const FRAME_MS = 1000 / 24;

/** The parts of @mediapipe/tasks-vision 0.10 that are used. */
interface PoseLandmarker {
  detectForVideo(video: HTMLVideoElement, nowMs: number): { landmarks: Landmark[][] };
  close(): void;
}

interface VisionModule {
  FilesetResolver: { forVisionTasks(folder: string): Promise<unknown> };
  PoseLandmarker: { createFromOptions(files: unknown, options: object): Promise<PoseLandmarker> };
}

export type WebcamProblem = "denied" | "no-model";

export class WebcamError extends Error {
  readonly problem: WebcamProblem;

  constructor(problem: WebcamProblem, cause: unknown) {
    super(String(cause), { cause });
    this.problem = problem;
  }
}

/** Load the model. The CPU is asked for: the GPU delegate fails on machines without one. */
async function loadLandmarker(): Promise<PoseLandmarker> {
  try {
    const vision = (await import(/* @vite-ignore */ `${FILES}/vision_bundle.mjs`)) as VisionModule;
    const files = await vision.FilesetResolver.forVisionTasks(`${FILES}/wasm`);
    return await vision.PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetPath: MODEL, delegate: "CPU" },
      runningMode: "VIDEO",
      numPoses: 1,
    });
  } catch (error) {
    throw new WebcamError("no-model", error);
  }
}

async function openCamera(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360, frameRate: 24 } });
  } catch (error) {
    throw new WebcamError("denied", error);
  }
}

export interface Webcam {
  stop(): void;
}

/**
 * Start the camera on `video` and report keypoints (mirrored, as in a looking glass), null while nobody is in view.
 * Raises WebcamError when there is no model or no camera.
 */
export async function startWebcam(
  video: HTMLVideoElement,
  report: (points: Keypoint[] | null) => void,
): Promise<Webcam> {
  const landmarker = await loadLandmarker();
  const stream = await openCamera().catch((error) => {
    landmarker.close();
    throw error;
  });
  video.srcObject = stream;
  await video.play();
  let frame = 0;
  let lastMs = 0;

  function look(nowMs: number): void {
    frame = requestAnimationFrame(look);
    if (nowMs - lastMs < FRAME_MS || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    lastMs = nowMs;
    const [body] = landmarker.detectForVideo(video, nowMs).landmarks;
    report(body ? toCoco(body, true) : null);
  }

  frame = requestAnimationFrame(look);
  return {
    stop() {
      cancelAnimationFrame(frame);
      landmarker.close();
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    },
  };
}
