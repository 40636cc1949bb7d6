import { Blocks, Clapperboard, Images, LayoutTemplate, ListVideo, Workflow } from "lucide-react";
import { useLive } from "../live";
import { t } from "../text";
import { keysOf } from "./commands";
import { type PanelId, togglePanel, uiStore } from "./ui_store";
import { useUi } from "./use_ui";

const ENTRIES = [
  { id: "nodes", icon: Blocks },
  { id: "templates", icon: LayoutTemplate },
  { id: "queue", icon: ListVideo },
  { id: "gallery", icon: Images },
] as const satisfies readonly { id: PanelId; icon: typeof Blocks }[];

/** In a narrow window stage and graph are two pages; wider ones show both. */
const PAGES = [
  { half: "stage", icon: Clapperboard },
  { half: "canvas", icon: Workflow },
] as const;

function Pages() {
  const half = useUi((ui) => (ui.panel === null ? ui.half : null));
  return PAGES.map(({ half: page, icon: Icon }) => (
    <button
      key={page}
      type="button"
      className="app-page"
      aria-pressed={half === page}
      onClick={() => uiStore.setState({ half: page, panel: null })}
    >
      <Icon size={19} strokeWidth={1.8} aria-hidden />
      {t(`app.swapMobile.${page}`)}
    </button>
  ));
}

export function Rail() {
  const open = useUi((ui) => ui.panel);
  const waiting = useLive((state) => state.queueRemaining);
  return (
    <nav className="app-rail">
      <Pages />
      {ENTRIES.map(({ id, icon: Icon }) => (
        <button
          key={id}
          type="button"
          aria-pressed={open === id}
          title={`${t(`app.rail.${id}`)} (${keysOf(`panel-${id}`)})`}
          onClick={() => togglePanel(id)}
        >
          <Icon size={19} strokeWidth={1.8} aria-hidden />
          {t(`app.rail.${id}`)}
          {id === "queue" && waiting > 0 && <span className="app-rail-count">{waiting}</span>}
        </button>
      ))}
    </nav>
  );
}
