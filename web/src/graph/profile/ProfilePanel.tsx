import { X } from "lucide-react";
import { toggleProfiling } from "../../app/ui_store";
import { useDocument } from "../../document/hooks";
import { locate, graphAt } from "../../document/scope";
import { IconButton } from "../../lib/ui";
import { t } from "../../text";
import { focusNode } from "../canvas_api";
import { getNodeSchema } from "../catalog";
import { percent, type Ranked, shortMs, slowest, TICK_MS, totalMs } from "./profile";
import { useProfile } from "./profile_store";

const SHOWN = 8;

/** The legend of the profiling view: the slowest nodes, and what all of them take of a tick. */
export function ProfilePanel() {
  const profile = useProfile((one) => one);
  const rows = slowest(profile, SHOWN);
  const total = totalMs(profile);
  return (
    <section className="gn-profile nowheel" aria-label={t("graph.profile.title")}>
      <header>
        <h2>{t("graph.profile.title")}</h2>
        <IconButton size="s" label={t("graph.profile.close")} icon={<X size={14} />} onClick={toggleProfiling} />
      </header>
      {rows.length === 0 ? (
        <p>{t("graph.profile.empty")}</p>
      ) : (
        <>
          <p>{t("graph.profile.total", { ms: shortMs(total), tick: shortMs(TICK_MS) })}</p>
          <ol>
            {rows.map((row) => (
              <Row key={row.node} {...row} />
            ))}
          </ol>
          <p className="gn-profile-note">{t("graph.profile.note")}</p>
        </>
      )}
    </section>
  );
}

function Row({ node, ms, share }: Ranked) {
  const title = useDocument(({ doc }) => {
    const place = locate(doc, node);
    const found = graphAt(doc, place.scope).nodes.find((one) => one.id === place.node);
    return found?.title ?? getNodeSchema(found?.type ?? "")?.name ?? node;
  });
  return (
    <li>
      <button type="button" title={t("graph.profile.show", { name: title })} onClick={() => focusNode(node)}>
        <i style={{ "--share": share } as React.CSSProperties} aria-hidden />
        <span>{title}</span>
        <b>{t("graph.profile.ms", { ms: shortMs(ms) })}</b>
        <small>{percent(share)} %</small>
      </button>
    </li>
  );
}
