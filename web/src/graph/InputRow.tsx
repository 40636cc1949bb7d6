import { type MouseEvent, memo } from "react";
import { useControlValue } from "../live";
import { t } from "../text";
import { bindOf, type InputSchema } from "../protocol/schema";
import { commitInput } from "./commit_input";
import { inputItems, shownName } from "./menu_inputs";
import { openMenu } from "./menu_store";
import type { Point } from "./point";
import { Port } from "./Port";
import { useNodePath } from "./run_state";
import { controlTargets } from "./subgraph_ports";
import { Field, isTall } from "./widgets/Field";

interface InputRowProps {
  readonly id: string;
  readonly input: InputSchema;
  readonly value: unknown;
  readonly wired: boolean;
  readonly wrong: boolean;
}

/** One input with its port, its name and its widget; the widget gives way to a wire. */
export const InputRow = memo(function InputRow({ id, input, value, wired, wrong }: InputRowProps) {
  const path = useNodePath(id);
  const [target = [path, input.name]] = input.mode === "live" ? controlTargets(path, input.name) : [];
  const steered = useControlValue(target[0], target[1]);
  const { widget } = input;
  if (widget === null) return null;
  const tall = isTall(widget) && !wired;
  const bind = bindOf(input);
  return (
    <div
      className="gn-input-row"
      data-tall={tall}
      data-wired={wired}
      data-wrong={wrong}
      data-kind={widget.kind}
      onContextMenu={(event) => {
        const at = menuPlace(event);
        // A row that offers nothing of its own leaves the click to its node.
        if (isText(event.target) || inputItems(id, input.name).length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        openMenu({ kind: "input", node: id, input: input.name, at });
      }}
    >
      <Port port={input} side="input" wired={wired} wrong={wrong} />
      <span className="gn-label" title={input.doc || undefined}>
        {input.mode === "live" && (
          <i className="gn-live-dot" title={bind ? t("graph.steered", { bind }) : t("graph.steer")} aria-hidden />
        )}
        {shownName(input.name)}
      </span>
      {wired ? (
        <span className="gn-wired-mark" title={t("graph.wired")}>
          {input.type}
        </span>
      ) : (
        <span className="gn-control">
          <Field
            label={shownName(input.name)}
            value={value === undefined ? input.default : value}
            shown={bind ? steered : undefined}
            widget={widget}
            onChange={(next) => commitInput(id, input, next)}
          />
        </span>
      )}
    </div>
  );
});

/** Where a menu opens: at the pointer; the keyboard's menu key has none and takes the row's corner. */
function menuPlace(event: MouseEvent<HTMLElement>): Point {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const box = event.currentTarget.getBoundingClientRect();
  return { x: box.left, y: box.bottom };
}

/** Text fields keep the browser's own menu: it has paste and spelling. */
function isText(target: EventTarget): boolean {
  return target instanceof Element && target.closest("textarea, input[type=text]") !== null;
}
