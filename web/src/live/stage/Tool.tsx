import type { ReactNode } from "react";

export interface ToolProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** Left out where the stage is narrow. */
  readonly spare?: boolean;
  readonly onClick: () => void;
}

/** A button of the stage; its name is the tooltip. */
export function Tool({ label, icon, pressed, disabled, spare, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="stage-tool"
      aria-label={label}
      title={label}
      disabled={disabled}
      data-spare={spare || undefined}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}
