import { t } from "../../text";
import type { ActionBinding } from "../control/bindings";
import { actionName } from "./action_name";
import { steering, useStage } from "./stage_store";

/** What the character does: one button an option, with its number key. */
export function ActionBar({ action }: { action: ActionBinding }) {
  const chosen = useStage((state) => state.action) ?? action.value;
  return (
    <div className="stage-actions" role="group" aria-label={t("stage.actions")}>
      {action.options.map((option, place) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === chosen}
          title={t("stage.actionHint", { name: actionName(option), key: place + 1 })}
          onClick={() => steering.chooseAction(place)}
        >
          <kbd aria-hidden>{place + 1}</kbd>
          {actionName(option)}
        </button>
      ))}
    </div>
  );
}
