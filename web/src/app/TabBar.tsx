import { Plus, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useStore } from "zustand";
import { useDocument } from "../document/hooks";
import { closeTab, newTab, reopenTab, showTab, stepTab, tabName, tabStore } from "../document/tabs";
import { IconButton } from "../lib/ui";
import { toast } from "../lib/toast";
import { t } from "../text";
import "./tabs.css";

/** One tab for each open workflow; arrow keys walk through them, Delete closes one. */
export function TabBar() {
  const { tabs, front } = useStore(tabStore);
  const doc = useDocument((state) => state.doc);
  function key(event: KeyboardEvent) {
    if (event.key === "ArrowRight") stepTab(1);
    else if (event.key === "ArrowLeft") stepTab(-1);
    else if (event.key === "Delete") closeFrontTab();
    else return;
    event.preventDefault();
    event.stopPropagation();
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".app-tab [aria-selected=true]")?.focus());
  }
  return (
    <div className="app-tabs">
      <div role="tablist" aria-label={t("app.tabs")} onKeyDown={key}>
        {tabs.map((tab) => (
          <div key={tab.key} className="app-tab" data-front={tab.key === front} role="presentation">
            <button
              type="button"
              role="tab"
              aria-selected={tab.key === front}
              tabIndex={tab.key === front ? 0 : -1}
              title={tabName(tab, doc)}
              onClick={() => showTab(tab.key)}
              onAuxClick={(event) => event.button === 1 && close(tab.key)}
            >
              {tabName(tab, doc)}
            </button>
            <IconButton
              size="s"
              tabIndex={-1}
              aria-hidden
              label={t("app.tabs.close", { name: tabName(tab, doc) })}
              icon={<X size={12} />}
              onClick={() => close(tab.key)}
            />
          </div>
        ))}
      </div>
      <IconButton size="s" label={t("app.tabs.new")} keys="Alt+T" icon={<Plus size={14} />} onClick={openTab} />
    </div>
  );
}

export function openTab(): void {
  if (!newTab()) toast({ kind: "info", title: t("app.tabs.tooMany") });
}

export function closeFrontTab(): void {
  close(tabStore.getState().front);
}

/** Nothing is lost by a slip: a closed tab can be opened again from the message. */
function close(key: string): void {
  const closed = closeTab(key);
  if (closed === null || closed.doc.nodes.length === 0) return;
  toast({
    kind: "info",
    title: t("app.tabs.closed", { name: closed.doc.name }),
    action: { label: t("app.tabs.reopen"), run: () => reopenTab(closed) },
  });
}
