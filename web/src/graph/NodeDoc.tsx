import { t } from "../text";
import type { InputSchema, NodeSchema, OutputSchema } from "../protocol/schema";
import { categoryColor, portColor } from "./colors";
import { categoryIcon } from "./icons";

/** What a node does, from its own documentation: used by the search box, the palette and the help dialog. */
export function NodeDoc({ schema, full = false }: { readonly schema: NodeSchema; readonly full?: boolean }) {
  const Icon = categoryIcon(schema.category);
  const paragraphs = paragraphsOf(schema.description);
  return (
    <div className="gn-doc" style={{ "--cat": categoryColor(schema.category) } as React.CSSProperties}>
      <div className="gn-doc-head">
        <span className="gn-doc-icon">
          <Icon size={18} aria-hidden />
        </span>
        <div>
          <b>{schema.name}</b>
          <small>
            {schema.id} {t("graph.version", { n: schema.version })}
          </small>
        </div>
      </div>
      {(full ? paragraphs : paragraphs.slice(0, 1)).map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <PortList title={t("graph.inputs")} ports={schema.inputs} full={full} />
      <PortList title={t("graph.outputs")} ports={schema.outputs} full={full} />
    </div>
  );
}

/** Lines broken for the source code are joined again; lines of a list stay lines. */
function paragraphsOf(description: string): readonly string[] {
  return description
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\n(?!\s*[-*] )/g, " ").trim())
    .filter(Boolean);
}

interface PortListProps {
  readonly title: string;
  readonly ports: readonly (InputSchema | OutputSchema)[];
  readonly full: boolean;
}

function PortList({ title, ports, full }: PortListProps) {
  if (ports.length === 0) return null;
  return (
    <section>
      <h4>{title}</h4>
      <ul>
        {ports.map((port) => (
          <li key={port.name}>
            <i style={{ background: portColor(port.type) }} aria-hidden />
            <span>{port.name}</span>
            <small>
              {port.type}
              {full && "mode" in port && !port.required ? `, ${t("graph.optional")}` : ""}
              {full && isEveryTick(port) ? `, ${t("graph.everyTick")}` : ""}
            </small>
            {full && "doc" in port && port.doc && <em>{port.doc}</em>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isEveryTick(port: InputSchema | OutputSchema): boolean {
  return "mode" in port ? port.mode === "stream" : port.stream;
}
