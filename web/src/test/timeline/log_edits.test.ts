import { expect, it } from "vitest";
import {
  addControl,
  changeControl,
  firstDifference,
  logBefore,
  moveControl,
  removeControl,
} from "../../timeline/log_edits";
import { control } from "./fixtures";

const LOG = [control(4, "yaw", 1), control(10, "yaw", 0), control(20, "text", "fog", "1")];

it("moves, changes, removes and adds a control and keeps the order of ticks", () => {
  expect(moveControl(LOG, 0, 15).map(({ tick }) => tick)).toEqual([10, 15, 20]);
  expect(moveControl(LOG, 0, -3)[0]?.tick).toBe(0);
  expect(changeControl(LOG, 2, "sun")[2]?.value).toBe("sun");
  expect(removeControl(LOG, 1)).toEqual([LOG[0], LOG[2]]);
  expect(addControl(LOG, control(7, "pitch", 1)).map(({ tick }) => tick)).toEqual([4, 7, 10, 20]);
});

it("names the first tick that the edited log sees differently", () => {
  expect(firstDifference(LOG, LOG)).toBeNull();
  expect(firstDifference(LOG, moveControl(LOG, 1, 16))).toBe(10);
  expect(firstDifference(LOG, moveControl(LOG, 1, 6))).toBe(6);
  expect(firstDifference(LOG, removeControl(LOG, 2))).toBe(20);
});

it("gives a branch the log before its tick only", () => {
  expect(logBefore(LOG, 20).map(({ tick }) => tick)).toEqual([4, 10]);
});
