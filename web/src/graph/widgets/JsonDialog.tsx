import { useState } from "react";
import { Dialog } from "../../lib/dialog";
import { Button } from "../../lib/ui";
import { t } from "../../text";
import "./json.css";

interface JsonDialogProps {
  readonly title: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly onClose: () => void;
}

/** An editor for structured values that have none of their own: the JSON itself. */
export default function JsonDialog({ title, value, onChange, onClose }: JsonDialogProps) {
  const [typed, setTyped] = useState(() => JSON.stringify(value ?? null, null, 2));
  const [broken, setBroken] = useState(false);
  function type(next: string) {
    setTyped(next);
    try {
      onChange(JSON.parse(next));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  }
  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <div className="gn-json-text">
        <textarea
          aria-label={title}
          aria-invalid={broken}
          spellCheck={false}
          rows={14}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
        {broken && <p role="alert">{t("widgets.badJson")}</p>}
      </div>
      <footer className="gn-json-foot">
        <Button variant="primary" onClick={onClose}>
          {t("widgets.done")}
        </Button>
      </footer>
    </Dialog>
  );
}
