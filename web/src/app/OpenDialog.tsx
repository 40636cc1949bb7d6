import { FileJson, FolderOpen, Trash2, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { deleteStored, listWorkflows, openFile, openStored, type StoredWorkflow } from "../document/open";
import { Dialog } from "../lib/dialog";
import { errorText } from "../lib/error_text";
import { t } from "../text";
import { toast } from "../lib/toast";
import { Button, EmptyState, IconButton, Spinner } from "../lib/ui";

const FILE_TYPES = ".json,.html,.zip,.mp4,.webm,.png,.webp,application/json,video/mp4,video/webm,image/png,image/webp";

/** Workflows saved on the server, and the way to a file. */
export function OpenDialog({ onClose }: { readonly onClose: () => void }) {
  const [list, setList] = useState<readonly StoredWorkflow[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  useEffect(() => {
    listWorkflows().then(setList, (reason: unknown) => setError(errorText(reason)));
  }, []);
  const shown = list?.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())) ?? [];

  async function remove(stored: StoredWorkflow) {
    try {
      await deleteStored(stored.id);
      setList((before) => before?.filter((one) => one.id !== stored.id) ?? null);
    } catch (reason) {
      toast({ kind: "error", title: t("app.document.deleteStored", { name: stored.name }), detail: errorText(reason) });
    }
  }

  return (
    <Dialog title={t("app.document.openTitle")} onClose={onClose}>
      <div className="app-open-head">
        <input
          className="ui-input"
          type="search"
          placeholder={t("app.document.filter")}
          aria-label={t("app.document.filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <FileButton onPicked={onClose} />
      </div>
      <div className="app-open-list">
        {error !== null && <EmptyState title={t("app.document.cannotOpen")} detail={error} />}
        {error === null && list === null && <Spinner />}
        {list !== null && shown.length === 0 && (
          <EmptyState
            icon={<FolderOpen size={20} />}
            title={t("app.document.noneStored")}
            detail={t("app.document.noneStoredDetail")}
          />
        )}
        {shown.map((stored) => (
          <div key={stored.id} className="app-open-row">
            <button
              type="button"
              onClick={() => {
                onClose();
                void openStored(stored.id);
              }}
            >
              <FileJson size={16} aria-hidden />
              <b>{stored.name}</b>
              <small>{when(stored.updated_at)}</small>
            </button>
            <IconButton
              size="s"
              label={t("app.document.deleteStored", { name: stored.name })}
              icon={<Trash2 size={14} />}
              onClick={() => void remove(stored)}
            />
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function FileButton({ onPicked }: { readonly onPicked: () => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<Upload size={15} />} onClick={() => chooser.current?.click()}>
        {t("app.document.openFile")}
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={FILE_TYPES}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (!file) return;
          onPicked();
          void openFile(file);
        }}
      />
    </>
  );
}

/** Seconds since 1970 or an ISO date, in the reader's own format. */
function when(updated: string | number): string {
  const date = new Date(typeof updated === "number" && updated < 1e12 ? updated * 1000 : updated);
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
