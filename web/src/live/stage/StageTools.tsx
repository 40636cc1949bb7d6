import {
  Camera,
  Gamepad2,
  Grid3x3,
  Info,
  Link2,
  Link2Off,
  Maximize2,
  Minimize2,
  PersonStanding,
  ScanEye,
  SquareDashed,
} from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { toast } from "../../lib/toast";
import type { Bindings } from "../control/bindings";
import { t } from "../../text";
import { setFollowCanvas, useFollow } from "../follow/follow_store";
import { RecordTool, WindowTools } from "./CaptureTools";
import { saveSnapshot } from "./capture";
import { GamepadTool } from "./GamepadTool";
import { MoreTools } from "./MoreTools";
import { PinMenu } from "./PinMenu";
import { Tool, type ToolProps } from "./Tool";
import { stageStore, type StageOptions, toggleOption, useStage } from "./stage_store";

interface OptionToolProps extends Omit<ToolProps, "pressed" | "onClick"> {
  readonly option: keyof StageOptions;
}

function OptionTool({ option, ...rest }: OptionToolProps) {
  const pressed = useStage((state) => state[option]);
  return <Tool {...rest} pressed={pressed} onClick={() => toggleOption(option)} />;
}

function useFullscreen(stage: RefObject<HTMLElement | null>): [boolean, () => void] {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const changed = () => setOn(document.fullscreenElement !== null && document.fullscreenElement === stage.current);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, [stage]);
  const toggle = () => {
    const change = on ? document.exitFullscreen() : stage.current?.requestFullscreen();
    change?.catch(() => toast({ kind: "error", title: t("stage.noFullscreen") }));
  };
  return [on, toggle];
}

interface StageToolsProps {
  readonly stage: RefObject<HTMLElement | null>;
  readonly nodeId: string | null;
  readonly bindings: Bindings;
}

/** The stage's buttons: what is shown over the picture, how it is steered, snapshot and full screen. */
export function StageTools({ stage, nodeId, bindings }: StageToolsProps) {
  const [fullscreen, toggleFullscreen] = useFullscreen(stage);
  const posing = useStage((state) => state.poseSource !== "none");
  const following = useFollow((state) => state.on);
  const walks = bindings.axes["walk.forward"] !== undefined || bindings.axes["walk.turn"] !== undefined;
  const steers = Object.keys(bindings.axes).length > 0;
  return (
    <div className="stage-tools" role="toolbar" aria-label={t("stage.stageTools")}>
      {bindings.keypoints.length > 0 && (
        <Tool
          label={t("stage.poseInput")}
          icon={<ScanEye size={16} />}
          pressed={posing}
          onClick={() => stageStore.setState({ poseSource: posing ? "none" : "puppet" })}
        />
      )}
      {walks && (
        <OptionTool option="driveCharacter" label={t("stage.driveCharacter")} icon={<PersonStanding size={16} />} />
      )}
      {steers && <OptionTool option="sticks" label={t("stage.sticks")} icon={<Gamepad2 size={16} />} />}
      <PinMenu />
      <span className="stage-tools-gap" />
      <MoreTools>
        <GamepadTool bindings={bindings} />
        <Tool
          label={t("stage.edit.follow")}
          icon={following ? <Link2 size={16} /> : <Link2Off size={16} />}
          pressed={following}
          onClick={() => setFollowCanvas(!following)}
        />
        <span className="stage-tools-gap" />
        <OptionTool option="hud" label={t("stage.hud")} icon={<Info size={16} />} />
        <OptionTool option="grid" label={t("stage.grid")} icon={<Grid3x3 size={16} />} />
        <OptionTool option="crisp" label={t("stage.crisp")} icon={<SquareDashed size={16} />} />
        <span className="stage-tools-gap" />
        <WindowTools nodeId={nodeId} />
      </MoreTools>
      <Tool
        label={t("stage.snapshot")}
        icon={<Camera size={16} />}
        disabled={nodeId === null}
        onClick={() => nodeId !== null && void saveSnapshot(nodeId)}
      />
      <RecordTool nodeId={nodeId} />
      <Tool
        label={fullscreen ? t("stage.exitFullscreen") : t("stage.fullscreen")}
        icon={fullscreen ? <Minimize2 size={16} /> : <Maximize2 size={16} />}
        onClick={toggleFullscreen}
      />
    </div>
  );
}
