import { Circle, ExternalLink, PictureInPicture2, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "../../lib/toast";
import { t } from "../../text";
import { useLiveRun } from "../store";
import {
  canPictureInPicture,
  canRecord,
  openPictureInPicture,
  openWindow,
  type Recording,
  startRecording,
} from "./capture";
import { steering } from "./stage_store";
import { Tool } from "./Tool";

function steerByKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.type === "keyup") steering.keyUp(event.code);
  else if (steering.keyDown(event.code)) event.preventDefault();
}

/** The picture as a recording. */
export function RecordTool({ nodeId }: { readonly nodeId: string | null }) {
  const recording = useRef<Recording | null>(null);
  const [on, setOn] = useState(false);
  useEffect(() => () => recording.current?.stop(), []);
  function toggle(): void {
    if (on) recording.current?.stop();
    else if (nodeId !== null) recording.current = startRecording(nodeId);
    setOn(!on);
  }
  return (
    <Tool
      label={on ? t("stage.tools.recordStop") : t("stage.tools.record")}
      icon={on ? <Square size={14} fill="currentColor" /> : <Circle size={15} />}
      pressed={on}
      disabled={nodeId === null || !canRecord()}
      onClick={toggle}
    />
  );
}

function PictureInPictureTool({ nodeId }: { nodeId: string | null }) {
  const close = useRef<(() => void) | null>(null);
  const [on, setOn] = useState(false);
  async function toggle(): Promise<void> {
    if (on) return close.current?.();
    if (nodeId === null) return;
    try {
      close.current = await openPictureInPicture(nodeId, () => setOn(false));
      setOn(true);
    } catch (error) {
      toast({ kind: "error", title: t("stage.tools.pip"), detail: String(error) });
    }
  }
  if (!canPictureInPicture()) return null;
  return (
    <Tool
      label={t("stage.tools.pip")}
      icon={<PictureInPicture2 size={16} />}
      pressed={on}
      disabled={nodeId === null}
      onClick={() => void toggle()}
    />
  );
}

/** The picture in the browser's small window, or in a window of its own. */
export function WindowTools({ nodeId }: { readonly nodeId: string | null }) {
  const { name } = useLiveRun();
  function popOut(): void {
    if (nodeId === null || openWindow(nodeId, name, steerByKey)) return;
    toast({ kind: "error", title: t("stage.tools.noWindow"), detail: t("stage.tools.noWindowRemedy") });
  }
  return (
    <>
      <PictureInPictureTool nodeId={nodeId} />
      <Tool
        label={t("stage.tools.popOut")}
        icon={<ExternalLink size={16} />}
        disabled={nodeId === null}
        onClick={popOut}
      />
    </>
  );
}
