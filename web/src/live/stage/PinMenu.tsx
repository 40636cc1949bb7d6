import { Pin } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useDocument } from "../../document";
import { useCatalog } from "../../graph/catalog";
import { useDismiss } from "../../lib/use_dismiss";
import { t } from "../../text";
import { pinnable, pinsOf, togglePin } from "../pins";
import { useSteeredGraph } from "./use_bindings";
import "./pin_menu.css";

/** Which live inputs stand on the stage: a list of all, each with a check. */
export function PinMenu() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const meta = useDocument((state) => state.doc.meta);
  const graph = useSteeredGraph();
  const byId = useCatalog((state) => state.byId);
  const inputs = useMemo(() => pinnable(graph, (type) => byId.get(type)), [graph, byId]);
  const pins = useMemo(() => pinsOf({ meta }), [meta]);
  const key = useDismiss(box, open, () => setOpen(false));
  const pinned = (node: string, input: string) =>
    pins.some((pin) => (pin.node === node && pin.input === input) || (pin.y?.node === node && pin.y.input === input));
  return (
    <div ref={box} className="stage-pin-menu" onKeyDown={key}>
      <button
        type="button"
        className="stage-tool"
        aria-label={t("stage.pins.menu")}
        title={t("stage.pins.menu")}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Pin size={16} aria-hidden />
      </button>
      {open && (
        <fieldset>
          <legend>{t("stage.pins.menu")}</legend>
          {inputs.length === 0 && <p>{t("stage.pins.none")}</p>}
          {inputs.map(({ node, input, title }) => (
            <label key={`${node} ${input}`}>
              <input type="checkbox" checked={pinned(node, input)} onChange={() => togglePin(node, input)} />
              <b>{input.replaceAll("_", " ")}</b> {title}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
