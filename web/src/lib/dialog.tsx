import { X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { t } from "../text";
import { IconButton } from "./ui";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly size?: "s" | "m" | "l";
  /** Without a visible head the title is still the dialog's name. */
  readonly bare?: boolean;
}

/** A modal dialog on the platform's own element: focus stays inside, Escape closes, focus goes back afterwards. */
export function Dialog({ title, onClose, children, size = "m", bare = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    // Closed before it leaves the page: only then does the focus go back to where it came from.
    return () => dialog?.close();
  }, []);
  return createPortal(
    <dialog
      ref={element}
      className={`ui-dialog ui-dialog-${size} nodrag nowheel nopan`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      {!bare && (
        <header className="ui-dialog-head">
          <h2>{title}</h2>
          <IconButton label={t("common.close")} icon={<X size={16} />} onClick={onClose} />
        </header>
      )}
      <div className="ui-dialog-body">{children}</div>
    </dialog>,
    document.body,
  );
}
