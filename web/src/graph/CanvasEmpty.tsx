import { LayoutTemplate, Plus, Workflow } from "lucide-react";
import { setPanel } from "../app/ui_store";
import { t } from "../text";
import { Button, EmptyState } from "../lib/ui";
import { canvasCentre } from "./canvas_api";
import { openMenu } from "./menu_store";

export function CanvasEmpty() {
  return (
    <div className="gn-empty">
      <EmptyState icon={<Workflow size={20} />} title={t("graph.empty")} detail={t("graph.emptyDetail")}>
        <Button variant="primary" icon={<LayoutTemplate size={15} />} onClick={() => setPanel("templates")}>
          {t("graph.emptyTemplates")}
        </Button>
        <Button icon={<Plus size={15} />} onClick={() => openMenu({ kind: "search", at: canvasCentre(), end: null })}>
          {t("graph.emptyAdd")}
        </Button>
      </EmptyState>
    </div>
  );
}
