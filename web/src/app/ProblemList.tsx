import { TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { problemStore } from "../document/problems";
import { graphAt, locate } from "../document/scope";
import { documentStore } from "../document/store";
import { focusNode } from "../graph/focus";
import { getNodeSchema } from "../graph/catalog";
import { t } from "../text";
import { Button } from "../lib/ui";
import "./problems.css";

/** How many things are wrong with the workflow; a click lists them, another leads to the node. */
export function ProblemList() {
  const { problems, hard } = useStore(problemStore);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, [open]);
  if (problems.length === 0) return null;
  return (
    <div className="app-problem-box" ref={box}>
      <Button
        size="s"
        variant="quiet"
        className="app-problems"
        data-hard={hard}
        aria-expanded={open}
        icon={<TriangleAlert size={15} />}
        onClick={() => setOpen(!open)}
      >
        {t("graph.problems", { n: problems.length })}
      </Button>
      {open && (
        <ul className="app-problem-list">
          {problems.map((problem) => (
            <li key={`${problem.node}${problem.port}${problem.message}`}>
              <button
                type="button"
                disabled={problem.node == null}
                onClick={() => problem.node && focusNode(problem.node)}
              >
                <b>{nameOf(problem.node ?? null)}</b>
                <span>
                  {problem.port && <code>{problem.port}</code>} {problem.message}
                </span>
                {problem.remedy && <small>{problem.remedy}</small>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function nameOf(id: string | null): string {
  if (id === null) return t("app.sections.workflow");
  const { doc } = documentStore.getState();
  const place = locate(doc, id);
  const node = graphAt(doc, place.scope).nodes.find((one) => one.id === place.node);
  return node ? (node.title ?? getNodeSchema(node.type)?.name ?? node.type) : t("app.sections.workflow");
}
