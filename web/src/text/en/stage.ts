import type { Area } from "../table";

export const stage = {
  "edit.applied": "The picture follows from tick {tick} on",
  "edit.rolledBack": "The changed graph failed: the one before goes on",
  "edit.cold": "This needs a restart.",
  "edit.restartHere": "Restart from here",
  "edit.notNow": "Not now",
  "edit.refused": "The picture keeps the graph before.",
  "edit.showNode": "Show node",
  "edit.differs": "The canvas differs from the graph that runs.",
  "edit.notFollowing": "The picture does not follow the canvas.",
  "edit.applyNow": "Apply",
  "edit.restart": "Restart",
  "edit.follow": "The picture follows the canvas",
  "edit.following": "Applying the change",
  continues: "The picture continues from tick {tick}",
  approximate: "The exact state is gone; it was rebuilt from the latents. The frames will differ a little.",
  branchFailed: "This moment cannot be continued",
  rewindFailed: "The run cannot go back there",
  catchingUp: "Going back to tick {tick}",
} as const satisfies Area;
