import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../../text";
import { Button, IconButton, Segmented, Spinner } from "../../lib/ui";
import { type PoseSource, stageStore, steering, useStage } from "../stage/stage_store";
import { BONES, indexOf, type Keypoint } from "./landmarks";
import { startWebcam, type Webcam, WebcamError, type WebcamProblem } from "./webcam";
import "./pose.css";

type WebcamStatus = "off" | "loading" | "on" | WebcamProblem;

/** The found skeleton on the webcam's mirrored picture. */
function Skeleton({ points }: { points: readonly Keypoint[] }) {
  return (
    <svg className="stage-skeleton" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden>
      {BONES.map(([from, to]) => {
        const [a, b] = [points[indexOf(from)], points[indexOf(to)]];
        if (!a || !b || a[2] < 0.4 || b[2] < 0.4) return null;
        return <line key={`${from} ${to}`} x1={a[0]} y1={a[1]} x2={b[0]} y2={b[1]} />;
      })}
    </svg>
  );
}

function useWebcam() {
  const video = useRef<HTMLVideoElement>(null);
  const webcam = useRef<Webcam | null>(null);
  const [status, setStatus] = useState<WebcamStatus>("off");
  const [points, setPoints] = useState<Keypoint[] | null>(null);

  function stop(): void {
    webcam.current?.stop();
    webcam.current = null;
    steering.keypoints(null);
    setPoints(null);
    setStatus("off");
  }

  async function start(): Promise<void> {
    if (!video.current) return;
    setStatus("loading");
    try {
      webcam.current = await startWebcam(video.current, (found) => {
        setPoints(found);
        steering.keypoints(found);
      });
      setStatus("on");
    } catch (error) {
      setStatus(error instanceof WebcamError ? error.problem : "denied");
    }
  }

  useEffect(
    () => () => {
      webcam.current?.stop();
      steering.keypoints(null);
    },
    [],
  );
  return { video, status, points, start, stop };
}

const problems = (): Record<WebcamProblem, { title: string; remedy: string }> => ({
  denied: { title: t("stage.webcamDenied"), remedy: t("stage.webcamDeniedRemedy") },
  "no-model": { title: t("stage.webcamNoModel"), remedy: t("stage.webcamNoModelRemedy") },
});

function WebcamPose() {
  const { video, status, points, start, stop } = useWebcam();
  const problem = status === "denied" || status === "no-model" ? problems()[status] : null;
  return (
    <>
      <div className="stage-webcam" hidden={status !== "on"}>
        <video ref={video} muted playsInline />
        {points ? <Skeleton points={points} /> : <span role="status">{t("stage.webcamLost")}</span>}
      </div>
      {status === "loading" && <Spinner label={t("stage.webcamLoading")} />}
      {problem && (
        <div role="alert" className="stage-pose-problem">
          <strong>{problem.title}</strong>
          <p>{problem.remedy}</p>
        </div>
      )}
      {status === "on" ? (
        <Button size="s" onClick={stop}>
          {t("stage.webcamStop")}
        </Button>
      ) : (
        <Button size="s" variant="primary" disabled={status === "loading"} onClick={() => void start()}>
          {t("stage.webcamStart")}
        </Button>
      )}
      <p className="stage-pose-note">{t("stage.webcamPrivacy")}</p>
    </>
  );
}

const sources = (): readonly { value: Exclude<PoseSource, "none">; label: string }[] => [
  { value: "puppet", label: t("stage.puppet") },
  { value: "webcam", label: t("stage.webcam") },
];

/** Where the character's pose comes from: a puppet on the picture, or the person in front of the webcam. */
export function PosePanel() {
  const source = useStage((state) => state.poseSource);
  if (source === "none") return null;
  return (
    <section className="stage-pose" aria-label={t("stage.pose")}>
      <header>
        <Segmented
          label={t("stage.pose")}
          value={source}
          options={sources()}
          onChange={(poseSource) => stageStore.setState({ poseSource })}
        />
        <IconButton
          size="s"
          label={t("stage.poseClose")}
          icon={<X size={14} />}
          onClick={() => stageStore.setState({ poseSource: "none" })}
        />
      </header>
      {source === "webcam" ? <WebcamPose /> : <p className="stage-pose-note">{t("stage.puppetHint")}</p>}
    </section>
  );
}
