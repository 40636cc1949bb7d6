import { useState } from "react";
import type { WorkflowDocument } from "../document";
import { t } from "../text";
import type { Template } from "../protocol/messages.gen";
import { GraphSketch } from "./GraphSketch";

interface TemplateCardProps {
  readonly template: Template;
  readonly onOpen: (document: WorkflowDocument, name: string) => void;
}

/** A template to open; its picture moves while the pointer or the keyboard is on it. */
export function TemplateCard({ template, onOpen }: TemplateCardProps) {
  const { name, description, document } = template;
  const [lively, setLively] = useState(false);
  const wake = () => setLively(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  const rest = () => setLively(false);
  return (
    <button
      type="button"
      title={t("panels.templateLabel", { name })}
      onClick={() => onOpen(document as WorkflowDocument, name)}
      onPointerEnter={wake}
      onPointerLeave={rest}
      onFocus={wake}
      onBlur={rest}
    >
      <Picture template={template} lively={lively} />
      <strong>{name}</strong>
      <span>{description}</span>
    </button>
  );
}

/** The still stays below, so that nothing flickers while the moving one loads. */
function Picture({ template, lively }: { readonly template: Template; readonly lively: boolean }) {
  const { thumbnail, moving, document } = template;
  if (!thumbnail) return <GraphSketch document={document} />;
  return (
    <i className="panel-thumb" aria-hidden>
      <img className="panel-sketch" src={thumbnail} alt="" loading="lazy" decoding="async" />
      {lively && moving && <img className="panel-sketch panel-moving" src={moving} alt="" />}
    </i>
  );
}
