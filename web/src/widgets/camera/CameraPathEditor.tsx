import { CopyPlus, Move3d, Plus, Rotate3d, Trash2, Video } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { Dialog } from "../../lib/dialog";
import { Button, Segmented } from "../../lib/ui";
import { t } from "../../text";
import { EditorHistory, historyKey } from "../EditorHistory";
import { remove } from "../keyframes";
import { useKeyframes } from "../use_keyframes";
import { Flight } from "./Flight";
import { addAt, type CameraKey, type CameraPath, change, duplicate, readPath } from "./path";
import { PathStage, type ViewMode } from "./PathStage";
import { PathTable } from "./PathTable";
import { FIRST_KEY } from "./path";
import { hasWebGl } from "./webgl";
import { makeSpline } from "./spline";
import { Timeline } from "./Timeline";
import { usePlayback } from "./use_playback";
import type { PathEvents, Tool } from "./view";
import { direction, type Vec3 } from "./vector";
import "../widgets.css";
import "./camera.css";

interface CameraPathEditorProps {
  readonly title: string;
  readonly value: unknown;
  readonly loop: boolean;
  readonly onChange: (value: CameraPath) => void;
  readonly onClose: () => void;
}

const STEP_M = 0.1;
const STEP_DEG = 2;

/** The camera path in a window of its own: scene, time, table. Every change goes into the workflow and can be undone. */
export default function CameraPathEditor({ title, value, loop, onChange, onClose }: CameraPathEditorProps) {
  const stored = useMemo(() => readPath(value), [value]);
  const { keys: path, selected, select: choose, apply } = useKeyframes(stored, onChange);
  const [tool, setTool] = useState<Tool>("move");
  const [webGl] = useState(hasWebGl);
  const [mode, setMode] = useState<ViewMode>(webGl ? "3d" : "plan");
  const [flying, setFlying] = useState(false);
  const playback = usePlayback(path[0]?.tick ?? 0, path.at(-1)?.tick ?? 0, loop);
  const now = useMemo(
    () => (path.length > 0 ? makeSpline(path, loop).at(playback.time) : FIRST_KEY),
    [path, loop, playback.time],
  );

  function select(index: number) {
    choose(index);
    const key = path[index];
    if (key && !playback.playing) playback.seek(key.tick);
  }

  const events: PathEvents = {
    select,
    drag: (index, patch, done) => apply(change(path, index, patch), done),
  };

  function key(event: KeyboardEvent) {
    if (event.target instanceof HTMLInputElement || historyKey(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && !(event.target instanceof HTMLButtonElement)) playback.toggle();
    else if (event.key === "Delete") apply(remove(path, selected), true);
    else {
      const current = path[selected];
      const patch = current && nudged(current, event.key, event.shiftKey);
      if (!patch) return;
      apply(change(path, selected, patch), true);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <div className="cam-editor" onKeyDown={key}>
        <div className="cam-main">
          <PathStage
            mode={mode}
            path={path}
            loop={loop}
            selected={selected}
            now={now}
            tool={tool}
            events={events}
            onNoWebGl={() => setMode("plan")}
          />
          <div className="cam-tools" role="toolbar" aria-label={t("widgets.camera.tools")}>
            <Segmented
              label={t("widgets.camera.view")}
              value={mode}
              options={[
                ...(webGl ? [{ value: "3d" as const, label: t("widgets.camera.view3d") }] : []),
                { value: "plan", label: t("widgets.camera.viewPlan") },
              ]}
              onChange={setMode}
            />
            {mode === "3d" && (
              <Segmented
                label={t("widgets.camera.tool")}
                value={tool}
                options={[
                  { value: "move", label: t("widgets.camera.move"), icon: <Move3d size={14} aria-hidden /> },
                  { value: "turn", label: t("widgets.camera.turn"), icon: <Rotate3d size={14} aria-hidden /> },
                ]}
                onChange={setTool}
              />
            )}
          </div>
          {flying && (
            <Flight
              from={now}
              path={path}
              loop={loop}
              onRecorded={(recorded) => {
                apply({ keys: recorded, selected: 0 }, true);
                playback.seek(0);
                setFlying(false);
              }}
              onClose={() => setFlying(false)}
            />
          )}
        </div>
        <Timeline
          path={path}
          loop={loop}
          selected={selected}
          playback={playback}
          onSelect={select}
          onRetime={(index, tick, done) => apply(change(path, index, { tick }), done)}
        />
        <div className="cam-actions">
          <Button size="s" icon={<Plus size={14} />} onClick={() => apply(addAt(path, playback.time, loop), true)}>
            {t("widgets.camera.addHere")}
          </Button>
          <Button
            size="s"
            icon={<CopyPlus size={14} />}
            disabled={path.length === 0}
            onClick={() => apply(duplicate(path, selected), true)}
          >
            {t("widgets.duplicate")}
          </Button>
          <Button
            size="s"
            icon={<Trash2 size={14} />}
            disabled={path.length < 2}
            onClick={() => apply(remove(path, selected), true)}
          >
            {t("widgets.remove")}
          </Button>
          <Button size="s" icon={<Video size={14} />} onClick={() => setFlying(true)}>
            {t("widgets.camera.fly")}
          </Button>
          <EditorHistory onClose={onClose} />
        </div>
        <PathTable
          path={path}
          selected={selected}
          onSelect={select}
          onChange={(index, patch) => apply(change(path, index, patch), true)}
          onRemove={(index) => apply(remove(path, index), true)}
        />
      </div>
    </Dialog>
  );
}

/** The arrow keys move a keyframe as its camera sees it: ahead and aside on the level, page keys up and down. */
function nudged(key: CameraKey, name: string, turns: boolean): Partial<CameraKey> | null {
  const turn: Readonly<Record<string, Partial<CameraKey>>> = {
    ArrowLeft: { yaw: key.yaw - STEP_DEG },
    ArrowRight: { yaw: key.yaw + STEP_DEG },
    ArrowUp: { pitch: key.pitch + STEP_DEG },
    ArrowDown: { pitch: key.pitch - STEP_DEG },
  };
  if (turns) return turn[name] ?? null;
  const [fx, , fz] = direction(key.yaw, 0);
  const along = (ahead: number, aside: number, up: number): Partial<CameraKey> => {
    const [x, y, z] = key.position;
    const next: Vec3 = [
      x + (fx * ahead - fz * aside) * STEP_M,
      y + up * STEP_M,
      z + (fz * ahead + fx * aside) * STEP_M,
    ];
    return { position: next };
  };
  switch (name) {
    case "ArrowUp":
      return along(1, 0, 0);
    case "ArrowDown":
      return along(-1, 0, 0);
    case "ArrowLeft":
      return along(0, -1, 0);
    case "ArrowRight":
      return along(0, 1, 0);
    case "PageUp":
      return along(0, 0, 1);
    case "PageDown":
      return along(0, 0, -1);
    default:
      return null;
  }
}
