import { useDocument } from "../document/hooks";
import { definitionAt } from "../document/scope";
import type { Subgraph } from "../document/types";
import { Dialog } from "../lib/dialog";
import { t } from "../text";
import { getNodeSchema } from "./catalog";
import { portColor } from "./colors";
import { type Candidate, candidates, exposing, renaming } from "./exposure";
import { changeSubgraph } from "./subgraph_actions";
import "./subgraph.css";

/** Name of the open subgraph and which of the ports inside it shows to the outside. */
export function SubgraphPorts({ onClose }: { readonly onClose: () => void }) {
  const definition = useDocument((state) => definitionAt(state.doc, state.scope));
  if (definition === null) return null;
  const ports = candidates(definition, getNodeSchema);
  return (
    <Dialog title={t("graph.subgraph.ports")} onClose={onClose}>
      <div className="gn-exposure">
        <Words definition={definition} />
        <p>{ports.length === 0 ? t("graph.subgraph.noPorts") : t("graph.subgraph.portsHint")}</p>
        {(["input", "output"] as const).map((side) => (
          <section key={side} aria-label={t(side === "input" ? "graph.inputs" : "graph.outputs")}>
            <h3>{t(side === "input" ? "graph.inputs" : "graph.outputs")}</h3>
            {ports
              .filter((port) => port.side === side)
              .map((port) => (
                <PortRow key={`${port.node} ${port.port}`} definition={definition} port={port} />
              ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Words({ definition }: { readonly definition: Subgraph }) {
  return (
    <div className="gn-exposure-words">
      <label>
        {t("graph.subgraph.name")}
        <input
          className="ui-input"
          defaultValue={definition.name}
          maxLength={80}
          onBlur={({ target }) => {
            const name = target.value.trim();
            if (name !== "" && name !== definition.name) changeSubgraph({ ...definition, name });
          }}
        />
      </label>
      <label>
        {t("graph.subgraph.description")}
        <input
          className="ui-input"
          defaultValue={definition.description ?? ""}
          maxLength={400}
          onBlur={({ target }) => {
            const description = target.value.trim();
            if (description !== (definition.description ?? "")) changeSubgraph({ ...definition, description });
          }}
        />
      </label>
    </div>
  );
}

function PortRow({ definition, port }: { readonly definition: Subgraph; readonly port: Candidate }) {
  const { exposed } = port;
  const name = `${port.title}: ${port.port}`;
  return (
    <div className="gn-exposure-row" style={{ "--port": portColor(port.type) } as React.CSSProperties}>
      <label>
        <input
          type="checkbox"
          aria-label={t("graph.subgraph.expose", { port: name })}
          checked={exposed !== null}
          onChange={(event) => changeSubgraph(exposing(definition, port, event.target.checked))}
        />
        <i aria-hidden />
        <b>{port.title}</b>
        <span>{port.port}</span>
      </label>
      {exposed !== null && (
        <input
          className="ui-input"
          key={exposed}
          aria-label={t("graph.subgraph.portName", { port: name })}
          defaultValue={exposed}
          maxLength={60}
          onBlur={({ target }) => {
            const to = target.value.trim();
            const next = to === exposed ? null : renaming(definition, port.side, exposed, to);
            if (next) changeSubgraph(next, new Map([[exposed, to]]));
            else target.value = exposed;
          }}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
      )}
    </div>
  );
}
