import type { share as en } from "../en/share";
import type { Translated } from "../table";

export const share: Translated<typeof en> = {
  readOnly: "Schreibgesch\u00fctzter Workflow",
  readOnlyHint: "Schreibgesch\u00fctzt: zum Bearbeiten eine Kopie machen",
  copy: "Kopie machen",
  watch: "Take ansehen",
  loading: "Der Film wird gelesen",
  noFilm: "Dieser Take hat keinen Film",
  damaged: "Das Paket ist besch\u00e4digt",
  model: "Modell",
  seed: "Seed",
  length: "L\u00e4nge",
  steered: "Was gesteuert wurde",
  downloadPage: "Als Seite herunterladen",
  downloadPageHint: "Eine HTML-Datei mit Film, Graph und Steuerwerten; sie geht in jedem Browser auf, ohne Server",
  blueprints: "Blaupausen",
  "blueprints.none": "Noch keine Blaupausen",
  "blueprints.noneDetail":
    "Einen Subgraphen als Blaupause speichern, dann l\u00e4sst er sich in jeden Workflow einf\u00fcgen.",
  "blueprints.noServer": "Der Server antwortet nicht: nur die aus diesem Browser sind zu sehen.",
  "blueprints.nodes": { one: "{n} Knoten", other: "{n} Knoten" },
  "blueprints.upload": "{name} auf den Server kopieren",
  "blueprints.take": "{name} vom Server in diesen Browser kopieren",
  "blueprints.failed": "Die Blaupause bleibt, wie sie war",
  "place.browser": "In diesem Browser",
  "place.server": "Auf dem Server",
  "place.both": "In diesem Browser und auf dem Server",
  "place.differs": "In diesem Browser, und eine andere auf dem Server",
};
