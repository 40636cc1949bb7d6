import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { setPanel } from "../app/ui_store";
import { EmptyState, PanelHeader, Spinner } from "../lib/ui";
import type { ErrorText } from "./error_detail";
import "./panels.css";

interface PanelProps {
  readonly title: string;
  /** What is loading or could not be loaded takes the place of the children. */
  readonly loading: boolean;
  readonly error: ErrorText | null;
  readonly children: ReactNode;
}

/** Header and scrolling body that the panels share. */
export function Panel({ title, loading, error, children }: PanelProps) {
  return (
    <>
      <PanelHeader title={title} onClose={() => setPanel(null)} />
      <div className="panel-body">
        {loading && <Spinner />}
        {error && (
          <EmptyState
            icon={<CircleAlert size={20} />}
            title={error.message}
            {...(error.remedy === null ? {} : { detail: error.remedy })}
          />
        )}
        {!loading && !error && children}
      </div>
    </>
  );
}
