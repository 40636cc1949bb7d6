import { Unplug } from "lucide-react";
import { useCatalog } from "../graph/catalog";
import { text } from "../lib/text";
import { Button, EmptyState, Spinner } from "../lib/ui";
import { tryAgain } from "./start";

/** In place of the canvas while the node declarations are on their way, or when they did not come. */
export function Connecting() {
  const { status, error } = useCatalog((catalog) => catalog);
  if (status === "loading") {
    return (
      <div className="app-centre">
        <Spinner label={text.app.loadingNodes} />
      </div>
    );
  }
  return (
    <div className="app-centre">
      <EmptyState icon={<Unplug size={20} />} title={text.app.noServer} detail={text.app.noServerDetail}>
        <Button variant="primary" title={error ?? undefined} onClick={() => void tryAgain()}>
          {text.app.retry}
        </Button>
      </EmptyState>
    </div>
  );
}
