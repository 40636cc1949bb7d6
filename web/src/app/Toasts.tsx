import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useStore } from "zustand";
import { t } from "../text";
import { dismissToast, type ToastKind, toastStore } from "../lib/toast";
import { Button, IconButton } from "../lib/ui";

const ICONS: Readonly<Record<ToastKind, typeof Info>> = { info: Info, success: CircleCheck, error: CircleAlert };

export function Toasts() {
  const { toasts } = useStore(toastStore);
  return (
    <div className="app-toasts" aria-live="polite">
      {toasts.map(({ id, kind, title, detail, action }) => {
        const Icon = ICONS[kind];
        return (
          <div key={id} className="app-toast" data-kind={kind} role={kind === "error" ? "alert" : "status"}>
            <Icon size={17} aria-hidden />
            <div>
              <b>{title}</b>
              {detail && <p>{detail}</p>}
            </div>
            {action && (
              <Button
                size="s"
                onClick={() => {
                  dismissToast(id);
                  action.run();
                }}
              >
                {action.label}
              </Button>
            )}
            <IconButton size="s" label={t("common.close")} icon={<X size={14} />} onClick={() => dismissToast(id)} />
          </div>
        );
      })}
    </div>
  );
}
