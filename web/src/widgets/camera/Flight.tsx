import { Circle, Square, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../lib/ui";
import { t } from "../../text";
import { drawFirstPerson, paletteOf } from "./first_person";
import { type Flyer, type FlyInput, flown, simplified } from "./fly";
import { type CameraKey, type CameraPath, TICKS_A_SECOND } from "./path";

const SPEED_M_S = 1.8;
const LOOK_DEG_PER_PX = 0.16;
const LOOK_DEG_S = 55;
const ZOOM_DEG_PER_PX = 0.02;
const LONGEST_STEP_S = 0.1;

/** Keys by place on the keyboard, so that other layouts fly with the same fingers. */
const KEYS: Readonly<Record<string, Partial<Record<"forward" | "right" | "up" | "yaw" | "pitch", number>>>> = {
  KeyW: { forward: 1 },
  KeyS: { forward: -1 },
  KeyA: { right: -1 },
  KeyD: { right: 1 },
  KeyE: { up: 1 },
  KeyQ: { up: -1 },
  ArrowLeft: { yaw: -1 },
  ArrowRight: { yaw: 1 },
  ArrowUp: { pitch: 1 },
  ArrowDown: { pitch: -1 },
};

interface FlightProps {
  readonly from: CameraKey;
  readonly path: CameraPath;
  readonly loop: boolean;
  /** The keyframes of a flight that was recorded. */
  readonly onRecorded: (path: CameraPath) => void;
  readonly onClose: () => void;
}

/** Fly through the scene and record it: a sample a tick, thinned out to few keyframes when the recording ends. */
export function Flight({ from, path, loop, onRecorded, onClose }: FlightProps) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hands = useRef({ keys: new Set<string>(), yaw: 0, pitch: 0, zoom: 0 });
  const samples = useRef<CameraKey[] | null>(null);
  const [recording, setRecording] = useState(false);
  const [ticks, setTicks] = useState(0);

  useEffect(() => host.current?.focus(), []);

  useEffect(() => {
    let flyer: Flyer = { camera: from, velocity: [0, 0, 0] };
    let [before, recorded] = [performance.now(), 0];
    let frame = requestAnimationFrame(function step(at) {
      const seconds = Math.min(LONGEST_STEP_S, (at - before) / 1000);
      before = at;
      flyer = flown(flyer, asked(hands.current, seconds), seconds, SPEED_M_S);
      if (samples.current) {
        recorded = samples.current.length === 0 ? 0 : recorded + seconds;
        while (samples.current.length <= recorded * TICKS_A_SECOND) {
          samples.current.push({ ...flyer.camera, tick: samples.current.length });
          setTicks(samples.current.length);
        }
      }
      if (canvas.current) {
        drawFirstPerson(canvas.current, { eye: flyer.camera, path, loop, palette: paletteOf(canvas.current) });
      }
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [from, path, loop]);

  function toggle() {
    const taken = samples.current;
    if (taken === null) {
      samples.current = [];
      setTicks(0);
      setRecording(true);
    } else {
      samples.current = null;
      setRecording(false);
      if (taken.length > 1) onRecorded(simplified(taken));
    }
    host.current?.focus();
  }

  return (
    <div
      ref={host}
      className="cam-flight"
      role="application"
      aria-label={t("widgets.camera.flight")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget && event.key !== "Escape") return;
        if (KEYS[event.code]) hands.current.keys.add(event.code);
        else if (event.key === " ") toggle();
        else if (event.key === "Escape") onClose();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onKeyUp={(event) => hands.current.keys.delete(event.code)}
      onBlur={() => hands.current.keys.clear()}
      onWheel={(event) => {
        hands.current.zoom += event.deltaY * ZOOM_DEG_PER_PX;
      }}
      onPointerDown={(event) => {
        if (event.target === canvas.current) canvas.current?.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (event.target !== canvas.current || !(event.buttons & 1)) return;
        hands.current.yaw += event.movementX * LOOK_DEG_PER_PX;
        hands.current.pitch -= event.movementY * LOOK_DEG_PER_PX;
      }}
    >
      <canvas ref={canvas} />
      <p className="cam-flight-help">{t("widgets.camera.flightHelp")}</p>
      <div className="cam-flight-bar">
        <Button
          variant={recording ? "danger" : "primary"}
          icon={recording ? <Square size={14} fill="currentColor" /> : <Circle size={14} fill="currentColor" />}
          onClick={toggle}
        >
          {recording ? t("widgets.camera.stopRecording") : t("widgets.camera.record")}
        </Button>
        <output data-recording={recording}>{t("widgets.seconds", { s: (ticks / TICKS_A_SECOND).toFixed(1) })}</output>
        <Button icon={<X size={14} />} onClick={onClose}>
          {t("widgets.camera.leaveFlight")}
        </Button>
      </div>
    </div>
  );
}

interface Hands {
  readonly keys: ReadonlySet<string>;
  yaw: number;
  pitch: number;
  zoom: number;
}

/** What the hands ask for since the last frame; the mouse's part is used up. */
function asked(hands: Hands, seconds: number): FlyInput {
  const sum = (part: "forward" | "right" | "up" | "yaw" | "pitch") =>
    [...hands.keys].reduce((total, code) => total + (KEYS[code]?.[part] ?? 0), 0);
  const input = {
    forward: sum("forward"),
    right: sum("right"),
    up: sum("up"),
    yawDeg: hands.yaw + sum("yaw") * LOOK_DEG_S * seconds,
    pitchDeg: hands.pitch + sum("pitch") * LOOK_DEG_S * seconds,
    zoomDeg: hands.zoom,
  };
  Object.assign(hands, { yaw: 0, pitch: 0, zoom: 0 });
  return input;
}
