import { Clapperboard, Copy, Lock } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import { useDocument } from "../document/hooks";
import { makeEditable } from "../document/store";
import { Button } from "../lib/ui";
import { t } from "../text";
import { sharedStore } from "./shared_store";
import "./share.css";

const SharedTakeDialog = lazy(() => import("./SharedTakeDialog"));

/** Over a workflow that came in a bundle: it can be looked at and run, and changed only as a copy. */
export function ReadOnlyBar() {
  const id = useDocument((state) => state.doc.id);
  const name = useDocument((state) => state.doc.name);
  const readOnly = useDocument((state) => state.readOnly);
  const refusals = useDocument((state) => state.refusals);
  const take = useStore(sharedStore, ({ takes }) => takes[id]);
  const [watching, setWatching] = useState(false);
  if (!readOnly) return null;
  return (
    <div className="share-bar" role="region" aria-label={t("share.readOnly")}>
      <Lock size={15} aria-hidden />
      <p role="status">
        {/* The key draws the words anew at every refused edit, so that they are seen and said again. */}
        <span key={refusals} data-refused={refusals > 0 || undefined}>
          {t("share.readOnlyHint")}
        </span>
      </p>
      {take && (
        <Button size="s" icon={<Clapperboard size={14} />} onClick={() => setWatching(true)}>
          {t("share.watch")}
        </Button>
      )}
      <Button
        size="s"
        variant="primary"
        icon={<Copy size={14} />}
        onClick={() => makeEditable(t("app.document.copyOf", { name }))}
      >
        {t("share.copy")}
      </Button>
      {take && watching && (
        <Suspense>
          <SharedTakeDialog take={take} onClose={() => setWatching(false)} />
        </Suspense>
      )}
    </div>
  );
}
