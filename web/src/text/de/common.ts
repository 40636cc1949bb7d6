import type { common as en } from "../en/common";
import type { Translated } from "../table";

export const common: Translated<typeof en> = {
  close: "Schlie\u00dfen",
  cancel: "Abbrechen",
  ok: "OK",
  "errors.httpStatus": "Der Server antwortete {status}.",
  "errors.unreachable": "Der Server ist nicht erreichbar.",
  "errors.notJson": "Die Antwort des Servers ist nicht lesbar.",
  "errors.unexpected": "Etwas ist schiefgegangen.",
};
