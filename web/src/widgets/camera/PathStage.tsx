import { useEffect, useRef, useState } from "react";
import { useUi } from "../../app/use_ui";
import { Spinner } from "../../lib/ui";
import { t } from "../../text";
import { type Palette, drawFirstPerson, paletteOf } from "./first_person";
import type { CameraKey, CameraPath } from "./path";
import type { PathEvents, PathScene, PathView, Tool } from "./view";

export type ViewMode = "3d" | "plan";

interface PathStageProps {
  readonly mode: ViewMode;
  readonly path: CameraPath;
  readonly loop: boolean;
  readonly selected: number;
  readonly now: CameraKey;
  readonly tool: Tool;
  readonly events: PathEvents;
  /** The scene in 3-D could not be started: show the plan. */
  readonly onNoWebGl: () => void;
}

/** The scene in 3-D, or plan and side view; and always what the camera sees now, in the corner. */
export function PathStage({ mode, events, onNoWebGl, ...scene }: PathStageProps) {
  const theme = useUi((ui) => ui.theme);
  const { path, loop, now } = scene;
  return (
    <div className="cam-views" data-mode={mode}>
      {mode === "3d" ? (
        <View
          key={`3d-${theme}`}
          label={t("widgets.camera.scene")}
          kind="3d"
          scene={scene}
          events={events}
          onFail={onNoWebGl}
        />
      ) : (
        <>
          <View key={`top-${theme}`} label={t("widgets.camera.top")} kind="top" scene={scene} events={events} />
          <View key={`side-${theme}`} label={t("widgets.camera.side")} kind="side" scene={scene} events={events} />
        </>
      )}
      <FirstPerson key={theme} now={now} path={path} loop={loop} />
    </div>
  );
}

interface ViewProps {
  readonly kind: "3d" | "top" | "side";
  readonly label: string;
  readonly scene: Omit<PathScene, "palette">;
  readonly events: PathEvents;
  readonly onFail?: () => void;
}

function View({ kind, label, scene, events, onFail }: ViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<PathView | null>(null);
  const palette = useRef<Palette | null>(null);
  const latest = useRef({ scene, events, onFail });
  latest.current = { scene, events, onFail };
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    const relay: PathEvents = {
      select: (index) => latest.current.events.select(index),
      drag: (index, patch, done) => latest.current.events.drag(index, patch, done),
    };
    open(kind, element, relay)
      .then((opened) => {
        if (gone) return opened.destroy();
        view.current = opened;
        palette.current = paletteOf(element);
        opened.update({ ...latest.current.scene, palette: palette.current });
        setReady(true);
      })
      .catch(() => latest.current.onFail?.());
    return () => {
      gone = true;
      view.current?.destroy();
      view.current = null;
    };
  }, [kind]);

  useEffect(() => {
    if (view.current && palette.current) view.current.update({ ...scene, palette: palette.current });
  });

  return (
    <section className="cam-view" data-kind={kind} data-ready={ready} aria-label={label}>
      <div className="cam-host" ref={host} />
      {kind !== "3d" && <span className="cam-view-name">{label}</span>}
      {!ready && <Spinner label={t("widgets.loading")} />}
    </section>
  );
}

async function open(kind: ViewProps["kind"], host: HTMLElement, events: PathEvents): Promise<PathView> {
  if (kind === "3d") return (await import("./scene3d")).createScene3d(host, events);
  return (await import("./plan")).createPlan(host, kind, events);
}

interface FirstPersonProps {
  readonly now: CameraKey;
  readonly path: CameraPath;
  readonly loop: boolean;
}

function FirstPerson({ now, path, loop }: FirstPersonProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => drawFirstPerson(element, { eye: now, path, loop, palette: paletteOf(element) });
    const watch = new ResizeObserver(draw);
    watch.observe(element);
    draw();
    return () => watch.disconnect();
  }, [now, path, loop]);
  return (
    <figure className="cam-inset">
      <canvas ref={canvas} role="img" aria-label={t("widgets.camera.firstPerson")} />
      <figcaption>{t("widgets.camera.firstPerson")}</figcaption>
    </figure>
  );
}
