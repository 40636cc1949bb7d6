import { Gauge, LayoutGrid, Magnet, Map as MapIcon, Maximize, PanelRightOpen, ZoomIn, ZoomOut } from "lucide-react";
import { arrangeNodes } from "../graph/actions";
import { fitGraph, zoomBy } from "../graph/canvas_api";
import { t } from "../text";
import { Button, IconButton } from "../lib/ui";
import { toggleStage } from "./commands";
import { toggleProfiling, uiStore } from "./ui_store";
import { useUi } from "./use_ui";

/** The small tool bar in the canvas's corner. */
export function CanvasTools() {
  const snap = useUi((ui) => ui.snap);
  const minimap = useUi((ui) => ui.minimap);
  const profiling = useUi((ui) => ui.profiling);
  const hidden = useUi((ui) => ui.stageMode === "hidden");
  return (
    <>
      <div className="app-canvas-tools" role="toolbar" aria-label={t("app.sections.view")}>
        <IconButton label={t("app.commands.zoomOut")} icon={<ZoomOut size={15} />} onClick={() => zoomBy("out")} />
        <IconButton label={t("app.commands.zoomIn")} icon={<ZoomIn size={15} />} onClick={() => zoomBy("in")} />
        <IconButton label={t("app.commands.fit")} keys="F" icon={<Maximize size={15} />} onClick={() => fitGraph()} />
        <IconButton
          label={t("app.commands.arrange")}
          keys="Shift+A"
          icon={<LayoutGrid size={15} />}
          onClick={() => void arrangeNodes()}
        />
        <IconButton
          label={t("app.commands.snap")}
          active={snap}
          icon={<Magnet size={15} />}
          onClick={() => uiStore.setState({ snap: !snap })}
        />
        <IconButton
          label={t("app.commands.minimap")}
          keys="M"
          active={minimap}
          icon={<MapIcon size={15} />}
          onClick={() => uiStore.setState({ minimap: !minimap })}
        />
        <IconButton
          label={t("app.commands.profiling")}
          keys="Shift+P"
          active={profiling}
          icon={<Gauge size={15} />}
          onClick={toggleProfiling}
        />
      </div>
      {hidden && (
        <Button className="app-show-stage" size="s" icon={<PanelRightOpen size={14} />} onClick={toggleStage}>
          {t("app.showStage")}
        </Button>
      )}
    </>
  );
}
