import type { ReactNode } from "react";

export interface ToolProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button of the stage; its name is the tooltip. */
export function Tool({ label, icon, pressed, disabled, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="stage-tool"
      aria-label={label}
      title={label}
      disabled={disabled}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={onClick}
    >
      {icon}
      <span className="stage-tool-name" aria-hidden>
        {label}
      </span>
    </button>
  );
}
