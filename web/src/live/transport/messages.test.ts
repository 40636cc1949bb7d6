import { expect, it } from "vitest";
import { parseMessage } from "./messages";

it("reads a message it knows", () => {
  const text = JSON.stringify({ type: "control_applied", data: { run_id: "r", id: "c", tick: 5 } });
  expect(parseMessage(text)).toEqual({ type: "control_applied", data: { run_id: "r", id: "c", tick: 5 } });
});

it("reads a message whose type alone says it all", () => {
  expect(parseMessage('{"type":"queue_changed"}')).toEqual({ type: "queue_changed", data: {} });
});

it.each([
  "",
  "[]",
  "null",
  '"status"',
  "{",
  '{"type":"constructor","data":{}}',
  '{"type":"from_the_future","data":{}}',
  '{"type":"control_applied","data":{"run_id":"r"}}',
  '{"type":"status","data":7}',
])("drops %s", (text) => {
  expect(parseMessage(text)).toBeNull();
});
