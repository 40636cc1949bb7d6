import { Component, type ReactNode } from "react";
import { errorText } from "../lib/error_text";
import { t } from "../text";
import { Button, EmptyState } from "../lib/ui";

interface State {
  readonly error: Error | null;
}

/** The last resort: a mistake of ours in drawing must not leave a white page. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="app-centre" role="alert">
        <EmptyState title={t("app.crashed")} detail={t("app.crashedDetail")}>
          <Button variant="primary" onClick={() => window.location.reload()}>
            {t("app.reload")}
          </Button>
        </EmptyState>
        <code>{errorText(this.state.error)}</code>
      </div>
    );
  }
}
