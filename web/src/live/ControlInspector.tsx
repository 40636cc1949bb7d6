import { Pin, SlidersHorizontal } from "lucide-react";
import { useId } from "react";
import { useDocument } from "../document";
import { EmptyState, IconButton, Kbd } from "../lib/ui";
import { t } from "../text";
import type { Bindings, ParameterBinding } from "./control/bindings";
import type { Axis } from "./control/mixer";
import { pinsOf, togglePin } from "./pins";
import { changeLiveInput } from "./stage/stage_store";
import { useBindings, useDocumentInput } from "./stage/use_bindings";
import "./live.css";

function NumberControl({ parameter, value }: { parameter: ParameterBinding; value: unknown }) {
  const id = useId();
  const { widget, name } = parameter.schema;
  if (widget?.kind !== "number") return null;
  const number = Number(value ?? 0);
  const [least, most] = [widget.ge ?? 0, widget.le ?? 100];
  const step = widget.step ?? (widget.integer ? 1 : (most - least) / 200);
  return (
    <div className="live-parameter">
      <label htmlFor={id}>{name.replaceAll("_", " ")}</label>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={number}
        style={{ "--fill": `${((number - least) / (most - least || 1)) * 100}%` } as React.CSSProperties}
        onChange={(event) => changeLiveInput(parameter.node, parameter.input, Number(event.target.value))}
      />
      <output htmlFor={id}>
        {Number(number.toFixed(2))}
        {widget.unit && <i> {widget.unit}</i>}
      </output>
    </div>
  );
}

function ChoiceControl({ parameter, value }: { parameter: ParameterBinding; value: unknown }) {
  const id = useId();
  const { widget, name } = parameter.schema;
  if (widget?.kind !== "choice") return null;
  return (
    <div className="live-parameter">
      <label htmlFor={id}>{name.replaceAll("_", " ")}</label>
      <select
        id={id}
        className="ui-input"
        value={String(value ?? "")}
        onChange={(event) => changeLiveInput(parameter.node, parameter.input, event.target.value)}
      >
        {widget.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </div>
  );
}

function ToggleControl({ parameter, value }: { parameter: ParameterBinding; value: unknown }) {
  const { node, input, schema } = parameter;
  return (
    <label className="live-parameter live-parameter-toggle">
      <span>{schema.name.replaceAll("_", " ")}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={value === true}
        checked={value === true}
        onChange={(event) => changeLiveInput(node, input, event.target.checked)}
      />
    </label>
  );
}

function ParameterField({ parameter }: { parameter: ParameterBinding }) {
  const value = useDocumentInput(parameter.node, parameter.input) ?? parameter.value;
  const kind = parameter.schema.widget?.kind;
  if (kind === "number") return <NumberControl parameter={parameter} value={value} />;
  if (kind === "choice") return <ChoiceControl parameter={parameter} value={value} />;
  if (kind === "toggle") return <ToggleControl parameter={parameter} value={value} />;
  return null;
}

/** A live input with the button that puts it on the stage. */
function Parameter({ parameter: one }: { parameter: ParameterBinding }) {
  const pinned = useDocument(({ doc }) =>
    pinsOf(doc).some(({ node, input }) => node === one.node && input === one.input),
  );
  const kind = one.schema.widget?.kind;
  if (kind !== "number" && kind !== "choice" && kind !== "toggle") return null;
  return (
    <div className="live-parameter-row">
      <ParameterField parameter={one} />
      <IconButton
        size="s"
        label={pinned ? t("stage.pins.unpin") : t("stage.pins.pin")}
        active={pinned}
        icon={<Pin size={12} />}
        onClick={() => togglePin(one.node, one.input)}
      />
    </div>
  );
}

type KeyRow = "move" | "up" | "look" | "zoom" | "walk" | "action" | "prompt";

const KEY_ROWS: readonly { axes: readonly Axis[]; keys: readonly string[]; text: KeyRow }[] = [
  { axes: ["move.forward", "move.right"], keys: ["W", "A", "S", "D"], text: "move" },
  { axes: ["move.up"], keys: ["Q", "E"], text: "up" },
  { axes: ["look.yaw", "look.pitch"], keys: ["\u2190", "\u2191", "\u2193", "\u2192"], text: "look" },
  { axes: ["zoom"], keys: ["-", "="], text: "zoom" },
  { axes: ["walk.forward", "walk.turn"], keys: ["I", "J", "K", "L"], text: "walk" },
];

/** The number keys of the longest row of actions. */
function digits({ actions }: Bindings): readonly string[] {
  const most = Math.min(9, Math.max(1, ...actions.map(({ options }) => options.length)));
  return ["1", "...", String(most)];
}

function KeyHelp({ bindings }: { bindings: Bindings }) {
  const rows = KEY_ROWS.filter(({ axes }) => axes.some((axis) => bindings.axes[axis] !== undefined));
  const extra = [
    ...(bindings.actions.length > 0 ? [{ keys: digits(bindings), text: "action" as const }] : []),
    ...(bindings.prompts.length > 0 ? [{ keys: ["Enter"], text: "prompt" as const }] : []),
  ];
  if (rows.length + extra.length === 0) return null;
  return (
    <section className="live-keys">
      <h3>{t("stage.keysTitle")}</h3>
      <dl>
        {[...rows, ...extra].map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} keys={key} />
              ))}
            </dt>
            <dd>{t(`stage.keyRows.${text}`)}</dd>
          </div>
        ))}
      </dl>
      <p>{t("stage.keysDetail")}</p>
    </section>
  );
}

/** Live inputs without a wire, grouped by node, and what the keys do. Changes go into the document and into the running picture. */
export function ControlInspector() {
  const bindings = useBindings();
  const nodes = [...new Set(bindings.parameters.map(({ node }) => node))];
  const empty = bindings.parameters.length + bindings.prompts.length + Object.keys(bindings.axes).length === 0;
  if (empty && bindings.actions.length === 0) {
    return (
      <EmptyState
        icon={<SlidersHorizontal size={20} />}
        title={t("stage.controlsEmpty")}
        detail={t("stage.controlsEmptyDetail")}
      />
    );
  }
  return (
    <div className="live-inspector">
      {nodes.map((node) => {
        const parameters = bindings.parameters.filter((one) => one.node === node);
        return (
          <section key={node} className="live-parameters">
            <h3>{parameters[0]?.title}</h3>
            {parameters.map((parameter) => (
              <Parameter key={parameter.input} parameter={parameter} />
            ))}
          </section>
        );
      })}
      <KeyHelp bindings={bindings} />
    </div>
  );
}
