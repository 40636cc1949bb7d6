import { LayoutTemplate } from "lucide-react";
import { useEffect, useState } from "react";
import type { WorkflowDocument } from "../document";
import { api } from "../lib/api";
import { t } from "../text";
import { EmptyState } from "../lib/ui";
import type { Template, TemplatesAnswer } from "../protocol/messages.gen";
import { type ErrorText, errorDetail } from "./error_detail";
import { Panel } from "./Panel";
import { TemplateCard } from "./TemplateCard";

interface Loaded {
  readonly templates: readonly Template[] | null;
  readonly error: ErrorText | null;
}

function useTemplates(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ templates: null, error: null });
  useEffect(() => {
    let current = true;
    api<TemplatesAnswer>("GET", "/api/templates").then(
      ({ templates }) => current && setLoaded({ templates, error: null }),
      (error) => current && setLoaded({ templates: null, error: errorDetail(error) }),
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
  const { templates, error } = useTemplates();
  return (
    <Panel title={t("panels.templates")} loading={templates === null && error === null} error={error}>
      {templates?.length === 0 && (
        <EmptyState
          icon={<LayoutTemplate size={20} />}
          title={t("panels.templatesEmpty")}
          detail={t("panels.templatesEmptyDetail")}
        />
      )}
      <ul className="panel-templates">
        {templates?.map((template) => (
          <li key={template.id}>
            <TemplateCard template={template} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
