import { CircleAlert, LayoutTemplate } from "lucide-react";
import { useEffect, useState } from "react";
import type { WorkflowDocument } from "../document";
import { api } from "../lib/api";
import { liveText } from "../lib/text.live";
import { EmptyState, Spinner } from "../lib/ui";
import type { Template, TemplatesAnswer } from "../protocol/messages.gen";
import { type ErrorText, errorDetail } from "./error_detail";
import { GraphSketch } from "./GraphSketch";

import "./panels.css";

type Loaded = { templates: readonly Template[] } | { error: ErrorText } | null;

function useTemplates(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    let current = true;
    api<TemplatesAnswer>("GET", "/api/templates").then(
      (answer) => current && setLoaded(answer),
      (error) => current && setLoaded({ error: errorDetail(error) }),
    );
    return () => {
      current = false;
    };
  }, []);
  return loaded;
}

/** Puts a workflow on the canvas. */
type OpenWorkflow = (document: WorkflowDocument, name: string) => void;

/** Workflows to start from; one click opens a copy. */
export function TemplatesPanel({ onOpen }: { onOpen: OpenWorkflow }) {
  const loaded = useTemplates();
  if (loaded === null) return <Spinner />;
  if ("error" in loaded) {
    return (
      <EmptyState icon={<CircleAlert size={20} />} title={loaded.error.message} detail={loaded.error.remedy ?? ""} />
    );
  }
  if (loaded.templates.length === 0) {
    return (
      <EmptyState
        icon={<LayoutTemplate size={20} />}
        title={liveText.templatesEmpty}
        detail={liveText.templatesEmptyDetail}
      />
    );
  }
  return (
    <ul className="panel-body panel-templates">
      {loaded.templates.map(({ id, name, description, document, thumbnail }) => (
        <li key={id}>
          <button
            type="button"
            aria-label={liveText.templateLabel(name)}
            onClick={() => onOpen(document as WorkflowDocument, name)}
          >
            {thumbnail ? <img className="panel-sketch" src={thumbnail} alt="" /> : <GraphSketch document={document} />}
            <strong>{name}</strong>
            <span>{description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
