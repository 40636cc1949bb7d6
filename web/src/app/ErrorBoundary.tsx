import { Component, type ReactNode } from "react";
import { errorText, text } from "../lib/text";
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
        <EmptyState title={text.app.crashed} detail={text.app.crashedDetail}>
          <Button variant="primary" onClick={() => window.location.reload()}>
            {text.app.reload}
          </Button>
        </EmptyState>
        <code>{errorText(this.state.error)}</code>
      </div>
    );
  }
}
