import type { Area } from "../table";

export const common = {
  close: "Close",
  cancel: "Cancel",
  ok: "OK",
  "errors.httpStatus": "The server answered {status}.",
  "errors.unreachable": "The server cannot be reached.",
  "errors.notJson": "The server's answer could not be read.",
  "errors.unexpected": "Something went wrong.",
} as const satisfies Area;
