/** The small parts every panel is made of. */
import { LoaderCircle, X } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { t } from "../text";
import "./ui.css";

export type ButtonVariant = "primary" | "ghost" | "danger" | "quiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: ButtonVariant;
  readonly size?: "s" | "m";
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "ghost", size = "m", icon, children, className = "", ...rest }: ButtonProps) {
  return (
    <button type="button" className={`ui-button ui-${variant} ui-size-${size} ${className}`} {...rest}>
      {icon}
      {children !== undefined && <span className="ui-button-label">{children}</span>}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children"> {
  readonly label: string;
  readonly keys?: string;
  readonly active?: boolean;
}

/** A button of one icon; its name is the tooltip, with the shortcut beside it. */
export function IconButton({ label, keys, active, icon, size = "m", className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`ui-icon-button ui-size-${size} ${className}`}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      {...(active === undefined ? {} : { "aria-pressed": active })}
      {...rest}
    >
      {icon}
    </button>
  );
}

export function Spinner({ label }: { readonly label?: string }) {
  return (
    <span className="ui-spinner" role="status">
      <LoaderCircle size={16} aria-hidden />
      {label && <span>{label}</span>}
    </span>
  );
}

interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly detail?: string;
  readonly children?: ReactNode;
}

export function EmptyState({ icon, title, detail, children }: EmptyStateProps) {
  return (
    <div className="ui-empty">
      {icon && (
        <div className="ui-empty-icon" aria-hidden>
          {icon}
        </div>
      )}
      <p className="ui-empty-title">{title}</p>
      {detail && <p className="ui-empty-detail">{detail}</p>}
      {children && <div className="ui-empty-actions">{children}</div>}
    </div>
  );
}

export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="ui-keys">
      {keys.split("+").map((key) => (
        <kbd key={key}>{key === "" ? "+" : key}</kbd>
      ))}
    </span>
  );
}

interface PanelHeaderProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly onClose?: () => void;
}

export function PanelHeader({ title, children, onClose }: PanelHeaderProps) {
  return (
    <header className="ui-panel-header">
      <h2>{title}</h2>
      <div className="ui-panel-actions">{children}</div>
      {onClose && <IconButton size="s" label={t("app.closePanel")} icon={<X size={15} />} onClick={onClose} />}
    </header>
  );
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
  readonly onChange: (value: T) => void;
}

export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <div className="ui-segmented" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}
