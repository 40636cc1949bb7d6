import { t } from "../../text";
import type { Bindings } from "../control/bindings";
import { FollowNotice } from "../follow/FollowNotice";
import { useLiveRun } from "../store";
import { ActionBar } from "./ActionBar";
import { KeyLegend } from "./KeyLegend";
import { Pins } from "./Pins";
import { PromptBar } from "./PromptBar";
import { Receipts } from "./Receipts";
import { Stick } from "./Stick";
import { useStage } from "./stage_store";
import "./deck.css";

/** Two sticks for fingers: the left one moves the camera or walks the character, the right one looks around. */
function Sticks({ bindings: { axes } }: { bindings: Bindings }) {
  const driveCharacter = useStage((state) => state.driveCharacter);
  const canWalk = axes["walk.forward"] !== undefined;
  const walks = canWalk && (driveCharacter || axes["move.forward"] === undefined);
  return (
    <div className="stage-sticks">
      {walks && <Stick source="stick-left" label={t("stage.walk")} x="walk.turn" y="walk.forward" />}
      {!walks && axes["move.forward"] && (
        <Stick source="stick-left" label={t("stage.move")} x="move.right" y="move.forward" />
      )}
      {axes["look.yaw"] && <Stick source="stick-right" label={t("stage.look")} x="look.yaw" y="look.pitch" />}
    </div>
  );
}

/** What lies under the picture: key display, receipts, actions and the prompt. */
export function StageBottom({ bindings }: { bindings: Bindings }) {
  const run = useLiveRun();
  const running = run.status === "running" && run.hasFrames;
  const sticks = useStage((state) => state.sticks);
  return (
    <div className="stage-bottom">
      {running && sticks && <Sticks bindings={bindings} />}
      {running && (
        <div className="stage-bottom-row">
          {!sticks && <KeyLegend bindings={bindings} />}
          <Receipts />
        </div>
      )}
      <FollowNotice />
      {running && bindings.actions.map((action) => <ActionBar key={action.node} action={action} />)}
      <Pins />
      <PromptBar prompts={bindings.prompts} />
    </div>
  );
}
