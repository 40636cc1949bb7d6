import { Ellipsis } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useDismiss } from "../../lib/use_dismiss";
import { t } from "../../text";
import "./more_tools.css";

/** The tools that a narrow stage has no room for: in a row where it is wide, behind a button where it is not. */
export function MoreTools({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const key = useDismiss(box, open, () => setOpen(false));
  return (
    <div ref={box} className="stage-more" onKeyDown={key}>
      <button
        type="button"
        className="stage-tool stage-more-button"
        aria-label={t("stage.tools.more")}
        title={t("stage.tools.more")}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Ellipsis size={16} aria-hidden />
      </button>
      <div className="stage-more-tools" role="group" aria-label={t("stage.tools.more")} data-open={open || undefined}>
        {children}
      </div>
    </div>
  );
}
