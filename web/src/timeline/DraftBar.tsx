import { GitBranch, Undo2 } from "lucide-react";
import { Button } from "../lib/ui";
import { t } from "../text";
import { continueHere, discardLog } from "./going_on";
import { firstDifference } from "./log_edits";
import { selectedTake, useTimeline } from "./timeline_store";

/** A log that was changed by hand: branch with it or throw the changes away. */
export function DraftBar() {
  const take = useTimeline(selectedTake);
  const draft = useTimeline((state) => state.draft);
  const playhead = useTimeline((state) => state.playhead);
  if (!take || draft?.takeId !== take.take_id) return null;
  const from = firstDifference(take.controls, draft.controls) ?? 0;
  const early = playhead <= from;
  return (
    <div className="tl-draft" role="status">
      <span>{t("timeline.draft.changed", { tick: from })}</span>
      <Button
        size="s"
        variant="primary"
        icon={<GitBranch size={13} />}
        disabled={early}
        title={early ? t("timeline.draft.tooEarly") : t("timeline.draft.branchHint")}
        onClick={() => void continueHere()}
      >
        {t("timeline.draft.branch")}
      </Button>
      <Button size="s" icon={<Undo2 size={13} />} onClick={discardLog}>
        {t("timeline.draft.discard")}
      </Button>
    </div>
  );
}
