import { RefreshCw, TriangleAlert } from "lucide-react";
import { focusNode } from "../../graph/focus";
import { t } from "../../text";
import { startRun } from "../actions";
import { branchFrom } from "../branch";
import { useGraphChanged } from "../stage/use_bindings";
import { useLive, useLiveRun } from "../store";
import { applyCanvas } from "./follow";
import { type ColdChange, followStore, useFollow } from "./follow_store";
import "./follow.css";

/** Restart where the run stands, with the graph on the canvas; from the beginning where there is no take. */
async function restartHere({ document }: ColdChange, takeId: string | null, tick: number): Promise<void> {
  followStore.setState({ cold: null });
  const take = { take_id: takeId ?? "", name: document.name, edits: [], document: document as never };
  if (takeId === null || !(await branchFrom(take, tick, { document }))) await startRun();
}

function Cold({ cold }: { cold: ColdChange }) {
  const { takeId } = useLiveRun();
  const tick = useLive((state) => state.pulse.tick);
  return (
    <div className="stage-follow" data-kind="cold" role="alert">
      <p>
        <b>{t("stage.edit.cold")}</b> {cold.changes.join(". ")}
      </p>
      <button type="button" data-primary onClick={() => void restartHere(cold, takeId, tick)}>
        {t("stage.edit.restartHere")}
      </button>
      <button type="button" onClick={() => followStore.setState({ cold: null })}>
        {t("stage.edit.notNow")}
      </button>
    </div>
  );
}

function Refused() {
  const refused = useFollow((state) => state.refused);
  if (!refused) return null;
  const { node } = refused;
  return (
    <div className="stage-follow" data-kind="refused" role="status">
      <TriangleAlert size={14} aria-hidden />
      <p>
        <b>{t("stage.edit.refused")}</b> {refused.message}
      </p>
      {node && (
        <button type="button" onClick={() => focusNode(node)}>
          {t("stage.edit.showNode")}
        </button>
      )}
    </div>
  );
}

/** How the running graph and the canvas stand to each other, where they differ. */
export function FollowNotice() {
  const { on, sending, cold, refused } = useFollow((state) => state);
  const changed = useGraphChanged();
  if (cold) return <Cold cold={cold} />;
  if (refused) return <Refused />;
  if (!changed || sending) return null;
  return (
    <div className="stage-follow" role="status">
      <p>{on ? t("stage.edit.differs") : t("stage.edit.notFollowing")}</p>
      <button type="button" data-primary onClick={() => void applyCanvas()}>
        {t("stage.edit.applyNow")}
      </button>
      <button type="button" onClick={() => void startRun()}>
        <RefreshCw size={13} aria-hidden /> {t("stage.edit.restart")}
      </button>
    </div>
  );
}
