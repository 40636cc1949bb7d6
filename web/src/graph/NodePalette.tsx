import { Info, Search } from "lucide-react";
import { useMemo, useState } from "react";
import { NARROW_PX, setPanel, showHelp, uiStore } from "../app/ui_store";
import { t } from "../text";
import { EmptyState, IconButton, PanelHeader } from "../lib/ui";
import type { NodeSchema } from "../protocol/schema";
import { addNode } from "./actions";
import { canvasCentre, toCanvas } from "./canvas_api";
import { useCatalog } from "./catalog";
import { categoryColor } from "./colors";
import { NODE_WIDTH } from "./flow_model";
import { categoryIcon } from "./icons";
import { NODE_DRAG_TYPE } from "./palette_drag";
import { searchNodes, topCategory } from "./search";
import "./palette.css";

const ORDER = ["prompt", "camera", "pose", "image", "generator", "apt2", "output", "value", "math", "util"];

/** All nodes by category, to be dragged onto the canvas or added with a click. */
export function NodePalette() {
  const nodes = useCatalog((catalog) => catalog.nodes);
  const [query, setQuery] = useState("");
  const sections = useMemo(() => inSections(nodes, query), [nodes, query]);
  return (
    <>
      <PanelHeader title={t("app.rail.nodes")} onClose={() => setPanel(null)} />
      <div className="gn-palette-search">
        <Search size={14} aria-hidden />
        <input
          className="ui-input"
          type="search"
          placeholder={t("graph.searchPlaceholder")}
          aria-label={t("graph.searchPlaceholder")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="app-panel-body gn-palette">
        {sections.length === 0 && <EmptyState title={t("graph.searchEmpty")} detail={t("graph.searchEmptyDetail")} />}
        {sections.map(([category, members]) => (
          <section key={category} style={{ "--cat": categoryColor(category) } as React.CSSProperties}>
            <h3>{category}</h3>
            {members.map((schema) => (
              <PaletteEntry key={schema.id} schema={schema} />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}

function PaletteEntry({ schema }: { readonly schema: NodeSchema }) {
  const Icon = categoryIcon(schema.category);
  return (
    <div className="gn-palette-entry">
      <button
        type="button"
        draggable
        title={firstLine(schema.description)}
        onDragStart={(event) => {
          event.dataTransfer.setData(NODE_DRAG_TYPE, schema.id);
          event.dataTransfer.effectAllowed = "copy";
        }}
        onClick={() => {
          const middle = toCanvas(canvasCentre());
          addNode(schema.id, { x: middle.x - NODE_WIDTH / 2, y: middle.y - 60 });
          if (window.innerWidth < NARROW_PX) uiStore.setState({ panel: null, half: "canvas" });
        }}
      >
        <span className="gn-palette-icon">
          <Icon size={15} aria-hidden />
        </span>
        <span className="gn-palette-text">
          <b>{schema.name}</b>
          <small>{firstLine(schema.description)}</small>
        </span>
      </button>
      <IconButton
        size="s"
        label={`${t("app.commands.nodeHelp")}: ${schema.name}`}
        icon={<Info size={14} />}
        onClick={() => showHelp(schema.id)}
      />
    </div>
  );
}

function firstLine(description: string): string {
  return description.split("\n")[0] ?? "";
}

function inSections(
  nodes: readonly NodeSchema[],
  query: string,
): readonly (readonly [string, readonly NodeSchema[]])[] {
  const byCategory = new Map<string, NodeSchema[]>();
  for (const { schema } of searchNodes(nodes, query)) {
    const category = topCategory(schema);
    byCategory.set(category, [...(byCategory.get(category) ?? []), schema]);
  }
  const rank = (category: string) => (ORDER.indexOf(category) + 1 || ORDER.length + 1) - 1;
  return query === "" ? [...byCategory].sort(([a], [b]) => rank(a) - rank(b)) : [...byCategory];
}
