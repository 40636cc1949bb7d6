import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Binding, type Bindings, NO_BINDINGS } from "./control/bindings";
import { createSteering, type Steering } from "./steering";

const BINDINGS: Bindings = {
  ...NO_BINDINGS,
  axes: {
    "move.forward": [{ node: "4", input: "forward" }],
    "move.up": [{ node: "4", input: "up" }],
    "look.yaw": [
      { node: "4", input: "yaw" },
      { node: "9", input: "yaw" },
    ],
    "walk.turn": [{ node: "5", input: "turn" }],
    zoom: [{ node: "4", input: "zoom" }],
  },
  actions: [{ node: "5", input: "action", options: ["stand", "walk", "jump"], value: "stand" }],
  keypoints: [{ node: "6", input: "keypoints" }],
};

let sent: string[] = [];
let steering: Steering;

describe("createSteering", () => {
  beforeEach(() => {
    sent = [];
    steering = createSteering({
      send: ({ node, input }: Binding, value) => sent.push(`${node}.${input}=${JSON.stringify(value)}`),
    });
    steering.bind(BINDINGS);
  });
  afterEach(() => void vi.useRealTimers());

  it("moves while a key is held and stops when it is let go", () => {
    expect(steering.keyDown("KeyW")).toBe(true);
    steering.keyDown("KeyW");
    steering.keyUp("KeyW");
    expect(sent).toEqual(["4.forward=1", "4.forward=0"]);
  });

  it("stands still while opposite keys are held", () => {
    steering.keyDown("KeyW");
    steering.keyDown("KeyS");
    steering.keyUp("KeyW");
    expect(sent).toEqual(["4.forward=1", "4.forward=0", "4.forward=-1"]);
  });

  it("steers every input bound to the same control", () => {
    steering.keyDown("ArrowRight");
    expect(sent).toEqual(["4.yaw=1", "9.yaw=1"]);
  });

  it("drives the character with the arrow keys when asked to, and lets go of what was held before", () => {
    steering.keyDown("ArrowRight");
    steering.setDriveCharacter(true);
    steering.keyDown("ArrowLeft");
    expect(sent).toEqual(["4.yaw=1", "9.yaw=1", "4.yaw=0", "9.yaw=0", "5.turn=-1"]);
  });

  it("chooses the action of a number key and leaves other digits alone", () => {
    expect(steering.keyDown("Digit3")).toBe(true);
    expect(steering.keyDown("Digit4")).toBe(false);
    expect(sent).toEqual(['5.action="jump"']);
  });

  it("leaves keys that mean nothing to the page", () => {
    expect(steering.keyDown("KeyZ")).toBe(false);
    expect(steering.keyDown("Tab")).toBe(false);
  });

  it("adds devices up within -1..1, and letting one go leaves the other", () => {
    steering.keyDown("KeyW");
    steering.mixer.set("gamepad", "move.forward", 0.5);
    steering.keyUp("KeyW");
    steering.mixer.release("gamepad");
    expect(sent).toEqual(["4.forward=1", "4.forward=0.5", "4.forward=0"]);
  });

  it("sends zero for everything held when the window loses the focus", () => {
    steering.keyDown("KeyW");
    steering.keyDown("KeyE");
    steering.releaseAll();
    expect(sent.slice(2).sort()).toEqual(["4.forward=0", "4.up=0"]);
    steering.keyUp("KeyW");
    expect(sent).toHaveLength(4);
  });

  it("zooms for a moment per notch of the wheel", () => {
    vi.useFakeTimers();
    steering.wheel(1);
    vi.advanceTimersByTime(100);
    steering.wheel(1);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual(["4.zoom=1"]);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual(["4.zoom=1", "4.zoom=0"]);
  });

  it("passes keypoints to every node that takes them", () => {
    steering.keypoints(null);
    expect(sent).toEqual(["6.keypoints=null"]);
  });
});
