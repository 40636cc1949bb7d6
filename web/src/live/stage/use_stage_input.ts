/** Keyboard, pointer and wheel of the stage, turned into steering. */
import { type RefObject, useEffect } from "react";
import { stickPosition } from "../control/drag";
import type { Axis } from "../control/mixer";
import type { Bindings } from "../control/bindings";
import { stageStore, steering } from "./stage_store";

const TEXT_FIELDS = "input, textarea, select, [contenteditable='true'], [role='dialog']";
const DRAG_RADIUS_PX = 110;

function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT_FIELDS) !== null;
}

/** Keys reach the stage while it has the focus or the pointer is over it, and never while somebody types. */
export function useStageKeys(stage: RefObject<HTMLElement | null>, enabled: boolean): void {
  useEffect(() => {
    const element = stage.current;
    if (!element || !enabled) return undefined;

    function down(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
      if (!element?.matches(":hover") && !element?.contains(document.activeElement)) return;
      if (!steering.keyDown(event.code)) return;
      event.preventDefault();
      event.stopPropagation();
    }
    const up = (event: KeyboardEvent) => steering.keyUp(event.code);
    const release = () => steering.releaseAll();
    const hidden = () => document.hidden && release();

    window.addEventListener("keydown", down, true);
    window.addEventListener("keyup", up, true);
    window.addEventListener("blur", release);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      release();
      window.removeEventListener("keydown", down, true);
      window.removeEventListener("keyup", up, true);
      window.removeEventListener("blur", release);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, [stage, enabled]);
}

export interface DragMark {
  show(x: number, y: number, dx: number, dy: number): void;
  hide(): void;
}

function listenToDrags(element: HTMLElement, mark: DragMark, walks: () => boolean): () => void {
  let start: { id: number; x: number; y: number } | null = null;

  function down(event: PointerEvent): void {
    if (event.button !== 0 || event.target !== element) return;
    start = { id: event.pointerId, x: event.clientX, y: event.clientY };
    element.setPointerCapture(event.pointerId);
  }
  function move(event: PointerEvent): void {
    if (start?.id !== event.pointerId) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    const { x, y } = stickPosition(dx, dy, DRAG_RADIUS_PX);
    const [sideways, upwards]: [Axis, Axis] = walks() ? ["walk.turn", "walk.forward"] : ["look.yaw", "look.pitch"];
    steering.mixer.set("drag", sideways, x);
    steering.mixer.set("drag", upwards, y);
    const box = element.getBoundingClientRect();
    mark.show(start.x - box.left, start.y - box.top, dx, dy);
  }
  function end(event: PointerEvent): void {
    if (start?.id !== event.pointerId) return;
    start = null;
    steering.mixer.release("drag");
    mark.hide();
  }

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) element.addEventListener(name, end);
  return () => {
    steering.mixer.release("drag");
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      element.removeEventListener(name, end);
    }
  };
}

/** Dragging on the picture looks around (or walks, while the person drives the character). True when it does anything. */
export function usePictureDrag(
  picture: RefObject<HTMLElement | null>,
  mark: DragMark,
  { axes }: Bindings,
  running: boolean,
): boolean {
  const canLook = axes["look.yaw"] !== undefined || axes["look.pitch"] !== undefined;
  const canWalk = axes["walk.forward"] !== undefined;
  const enabled = running && (canLook || canWalk);
  useEffect(() => {
    if (!picture.current || !enabled) return undefined;
    const walks = () => !canLook || (canWalk && stageStore.getState().driveCharacter);
    return listenToDrags(picture.current, mark, walks);
  }, [picture, mark, canLook, canWalk, enabled]);
  return enabled;
}

/** The wheel zooms. A listener of its own because React's cannot prevent the page from scrolling. */
export function useWheelZoom(picture: RefObject<HTMLElement | null>, enabled: boolean): void {
  useEffect(() => {
    const element = picture.current;
    if (!element || !enabled) return undefined;
    function wheel(event: WheelEvent): void {
      if (event.deltaY === 0) return;
      event.preventDefault();
      steering.wheel(event.deltaY < 0 ? 1 : -1);
    }
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [picture, enabled]);
}
