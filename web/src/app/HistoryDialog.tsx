import { useDocument } from "../document/hooks";
import { redoWithRun, undoWithRun } from "../graph/commit_input";
import { Dialog } from "../lib/dialog";
import { t } from "../text";

/** Every edit by name, the undone ones below; a click goes back or forth to it. */
export function HistoryDialog({ onClose }: { readonly onClose: () => void }) {
  const { undo, redo } = useDocument((state) => state.history);
  const steps = [t("app.history.start"), ...undo.map((mark) => mark.name), ...redo.map((mark) => mark.name).reverse()];
  const now = undo.length;
  return (
    <Dialog title={t("app.commands.history")} size="s" onClose={onClose}>
      <ol className="app-history">
        {steps.map((name, at) => (
          <li key={at}>
            <button
              type="button"
              aria-current={at === now ? "step" : undefined}
              data-undone={at > now}
              onClick={() => go(at - now)}
            >
              {name}
              {at === now && <small>{t("app.history.now")}</small>}
            </button>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function go(by: number): void {
  for (let n = 0; n < Math.abs(by); n++) (by < 0 ? undoWithRun : redoWithRun)();
}
