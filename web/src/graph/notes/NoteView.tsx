import { NodeResizer, type NodeProps } from "@xyflow/react";
import { Pencil } from "lucide-react";
import { lazy, memo, Suspense, useRef, useState } from "react";
import { useStore } from "zustand";
import { edit } from "../../document/store";
import { t } from "../../text";
import { patchNodes } from "../actions";
import { useNodeSchema } from "../catalog";
import type { GraphFlowNode } from "../flow_model";
import { menuStore, startRename } from "../menu_store";
import "./notes.css";

const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })));

/** A note: its Markdown, drawn; a double click or Enter edits it, Escape leaves. */
export const NoteView = memo(function NoteView({ id, data, selected }: NodeProps<GraphFlowNode>) {
  const input = useNodeSchema(data.node.type)?.inputs[0]?.name ?? "text";
  const stored = data.node.inputs[input];
  const text = typeof stored === "string" ? stored : "";
  const editing = useStore(menuStore, (menu) => menu.renaming === id);
  return (
    <section
      className="gn-note"
      aria-label={t("graph.note")}
      data-editing={editing}
      data-colored={data.node.color !== undefined}
      style={data.node.color ? ({ "--note": data.node.color } as React.CSSProperties) : undefined}
      onDoubleClick={() => startRename(id)}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={140}
        minHeight={70}
        lineClassName="gn-resize-line"
        handleClassName="gn-resize-dot"
        onResizeEnd={(_, { width, height }) =>
          patchNodes(t("graph.edits.resize"), [id], { size: [Math.round(width), Math.round(height)] })
        }
      />
      {editing ? <NoteEditor id={id} input={input} stored={text} /> : <NoteText text={text} scrolls={selected} />}
      {!editing && (
        <button
          type="button"
          className="gn-note-edit nodrag"
          aria-label={t("graph.noteEdit")}
          title={t("graph.noteEdit")}
          onClick={() => startRename(id)}
        >
          <Pencil size={13} aria-hidden />
        </button>
      )}
    </section>
  );
});

function NoteText({ text, scrolls }: { readonly text: string; readonly scrolls: boolean }) {
  if (text.trim() === "") return <p className="gn-note-text gn-note-empty">{t("graph.noteHint")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
    <div className={`gn-note-text ${scrolls ? "nowheel" : ""}`} tabIndex={0}>
      <Suspense fallback={<pre>{text}</pre>}>
        <Markdown source={text} />
      </Suspense>
    </div>
  );
}

interface NoteEditorProps {
  readonly id: string;
  readonly input: string;
  readonly stored: string;
}

function NoteEditor({ id, input, stored }: NoteEditorProps) {
  const [typed, setTyped] = useState(stored);
  const area = useRef<HTMLTextAreaElement>(null);
  function leave() {
    if (typed !== stored) {
      const name = t("graph.edits.change", { input: t("graph.note") });
      edit(name, { kind: "set-input", node: id, input, value: typed });
    }
    if (menuStore.getState().renaming === id) startRename(null);
  }
  return (
    <textarea
      ref={(element) => {
        if (element && area.current !== element) element.focus();
        area.current = element;
      }}
      className="nowheel nodrag nopan"
      aria-label={t("graph.note")}
      aria-description={t("graph.noteKeys")}
      placeholder={t("graph.notePlaceholder")}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={leave}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
        const node = event.currentTarget.closest<HTMLElement>(".react-flow__node");
        leave();
        node?.focus();
      }}
    />
  );
}
