import { memo } from "react";
import { useControlValue } from "../live";
import { t } from "../text";
import { bindOf, type InputSchema } from "../protocol/schema";
import { commitInput } from "./commit_input";
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
    <div className="gn-input-row" data-tall={tall} data-wired={wired} data-wrong={wrong} data-kind={widget.kind}>
      <Port port={input} side="input" wired={wired} wrong={wrong} />
      <span className="gn-label" title={input.doc || undefined}>
        {input.mode === "live" && (
          <i className="gn-live-dot" title={bind ? t("graph.steered", { bind }) : t("graph.steer")} aria-hidden />
        )}
        {label(input.name)}
      </span>
      {wired ? (
        <span className="gn-wired-mark" title={t("graph.wired")}>
          {input.type}
        </span>
      ) : (
        <span className="gn-control">
          <Field
            label={label(input.name)}
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

/** Units stand beside the value, so a name like radius_m reads "radius". */
export function label(name: string): string {
  return name.replace(/_(m|s|deg|ms|ticks)$/, "").replaceAll("_", " ");
}
