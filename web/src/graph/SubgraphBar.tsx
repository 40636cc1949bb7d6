import { ChevronRight, CornerLeftUp, SlidersHorizontal } from "lucide-react";
import { useDocument } from "../document/hooks";
import { definitionAt } from "../document/scope";
import { openScope } from "../document/store";
import { Button, IconButton } from "../lib/ui";
import { t } from "../text";
import { leaveSubgraph, showPorts } from "./subgraph_actions";
import "./subgraph.css";

/** Above the canvas while a subgraph is open: the way back, step by step, and its ports. */
export function SubgraphBar() {
  const doc = useDocument((state) => state.doc);
  const scope = useDocument((state) => state.scope);
  if (scope.length === 0) return null;
  const steps = scope.map((_, depth) => definitionAt(doc, scope.slice(0, depth + 1))?.name ?? "");
  return (
    <nav className="gn-scope" aria-label={t("graph.subgraph.path")}>
      <IconButton
        size="s"
        label={t("graph.subgraph.leave")}
        icon={<CornerLeftUp size={15} />}
        onClick={() => void leaveSubgraph()}
      />
      <ol>
        <li>
          <button type="button" onClick={() => openScope([])}>
            {doc.name}
          </button>
        </li>
        {steps.map((name, depth) => (
          <li key={scope.slice(0, depth + 1).join("/")}>
            <ChevronRight size={14} aria-hidden />
            <button
              type="button"
              aria-current={depth === steps.length - 1 ? "page" : undefined}
              onClick={() => openScope(scope.slice(0, depth + 1))}
            >
              {name}
            </button>
          </li>
        ))}
      </ol>
      <Button size="s" icon={<SlidersHorizontal size={14} />} onClick={showPorts}>
        {t("graph.subgraph.ports")}
      </Button>
    </nav>
  );
}
