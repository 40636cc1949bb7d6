import { CloudDownload, CloudUpload, Puzzle, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { Dialog } from "../lib/dialog";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import { EmptyState, IconButton } from "../lib/ui";
import { t } from "../text";
import {
  blueprintStore,
  type KeptBlueprint,
  keepOnServer,
  loadServerBlueprints,
  removeBlueprint,
  takeFromServer,
} from "./blueprint_library";
import "./share.css";

/** The kept subgraphs, each with the place it lives in, and the ways from one place to the other. */
export function BlueprintsDialog({ onClose }: { readonly onClose: () => void }) {
  const { blueprints, server } = useStore(blueprintStore);
  useEffect(() => void loadServerBlueprints(), []);
  return (
    <Dialog title={t("share.blueprints")} size="m" onClose={onClose}>
      <div className="share-blueprints">
        {server === null && <p role="status">{t("share.blueprints.noServer")}</p>}
        {blueprints.length === 0 ? (
          <EmptyState
            icon={<Puzzle size={20} />}
            title={t("share.blueprints.none")}
            detail={t("share.blueprints.noneDetail")}
          />
        ) : (
          <ul>
            {blueprints.map((one) => (
              <Row key={one.name} blueprint={one} online={server !== null} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Row({ blueprint, online }: { readonly blueprint: KeptBlueprint; readonly online: boolean }) {
  const [busy, setBusy] = useState(false);
  const { name, place, subgraphs } = blueprint;
  const act = (what: () => Promise<void> | void) => async () => {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      toast({ kind: "error", title: t("share.blueprints.failed"), detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <div>
        <b>{name}</b>
        <small>
          {t(`share.place.${place}`)}
          {" \u00b7 "}
          {t("share.blueprints.nodes", { n: subgraphs[0].nodes.length })}
        </small>
      </div>
      {online && (place === "browser" || place === "differs") && (
        <IconButton
          label={t("share.blueprints.upload", { name })}
          icon={<CloudUpload size={16} />}
          disabled={busy}
          onClick={act(() => keepOnServer(blueprint))}
        />
      )}
      {(place === "server" || place === "differs") && (
        <IconButton
          label={t("share.blueprints.take", { name })}
          icon={<CloudDownload size={16} />}
          disabled={busy}
          onClick={act(() => takeFromServer(name))}
        />
      )}
      <IconButton
        label={t("graph.subgraph.deleteBlueprint", { name })}
        icon={<Trash2 size={16} />}
        disabled={busy}
        onClick={act(() => removeBlueprint(blueprint))}
      />
    </li>
  );
}
