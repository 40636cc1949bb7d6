import type { stage as en } from "../en/stage";
import type { Translated } from "../table";

export const stage: Translated<typeof en> = {
  "edit.applied": "Das Bild folgt ab Tick {tick}",
  "edit.rolledBack": "Der ge\u00e4nderte Graph ist gescheitert: Der vorige l\u00e4uft weiter",
  "edit.cold": "Das braucht einen Neustart.",
  "edit.restartHere": "Von hier neu starten",
  "edit.notNow": "Jetzt nicht",
  "edit.refused": "Das Bild beh\u00e4lt den vorigen Graphen.",
  "edit.showNode": "Knoten zeigen",
  "edit.differs": "Die Arbeitsfl\u00e4che weicht vom laufenden Graphen ab.",
  "edit.notFollowing": "Das Bild folgt der Arbeitsfl\u00e4che nicht.",
  "edit.applyNow": "\u00dcbernehmen",
  "edit.restart": "Neu starten",
  "edit.follow": "Das Bild folgt der Arbeitsfl\u00e4che",
  "edit.following": "Die \u00c4nderung wird \u00fcbernommen",
  continues: "Das Bild geht ab Tick {tick} weiter",
  approximate: "Der genaue Zustand ist weg; er wurde aus den Latents nachgebaut. Die Bilder weichen etwas ab.",
  branchFailed: "Dieser Moment l\u00e4sst sich nicht fortsetzen",
  rewindFailed: "Der Lauf kann nicht dorthin zur\u00fcck",
  catchingUp: "Zur\u00fcck zu Tick {tick}",
};
