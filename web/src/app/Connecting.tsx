import { Unplug } from "lucide-react";
import { useCatalog } from "../graph/catalog";
import { t } from "../text";
import { Button, EmptyState, Spinner } from "../lib/ui";
import { tryAgain } from "./start";

/** In place of the canvas while the node declarations are on their way, or when they did not come. */
export function Connecting() {
  const { status, error } = useCatalog((catalog) => catalog);
  if (status === "loading") {
    return (
      <div className="app-centre">
        <Spinner label={t("app.loadingNodes")} />
      </div>
    );
  }
  return (
    <div className="app-centre">
      <EmptyState icon={<Unplug size={20} />} title={t("app.noServer")} detail={t("app.noServerDetail")}>
        <Button variant="primary" title={error ?? undefined} onClick={() => void tryAgain()}>
          {t("app.retry")}
        </Button>
      </EmptyState>
    </div>
  );
}
