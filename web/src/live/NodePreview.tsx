import { t } from "../text";
import { Screen } from "./stage/Screen";
import { useLive } from "./store";
import "./live.css";

/** The live picture inside a node; nothing until the node has sent a frame. */
export function NodePreview({ nodeId }: { nodeId: string }) {
  const sending = useLive((state) => !state.foreign && state.screens.includes(nodeId));
  if (!sending) return null;
  return (
    <div className="live-preview nodrag">
      <Screen nodeId={nodeId} label={t("stage.screen", { id: nodeId })} className="live-preview-canvas" />
    </div>
  );
}
