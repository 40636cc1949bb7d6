import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../text";
import { addNode, replaceNode } from "./actions";
import type { Point } from "./point";
import { toCanvas } from "./canvas_api";
import { blueprintNamed, useSearchable } from "./searchable";
import { addBlueprint } from "./subgraph_actions";
import { categoryColor, portColor } from "./colors";
import { NODE_WIDTH } from "./flow_model";
import { categoryIcon } from "./icons";
import { closeMenu } from "./menu_store";
import { NodeDoc } from "./NodeDoc";
import { recentNodes } from "./recent";
import { type Hit, type LooseEnd, searchNodes } from "./search";
import "./search.css";

const BOX = { width: 600, height: 420, margin: 12 };
const PORT_TOP = 48;

interface NodeSearchProps {
  readonly at: Point;
  readonly end: LooseEnd | null;
  /** The node that the chosen one takes the place of. */
  readonly replaces: string | null;
}

/** The search box for adding a node; with a loose end it lists only what can be wired to it. */
export function NodeSearch({ at, end, replaces }: NodeSearchProps) {
  const nodes = useSearchable(end === null && replaces === null);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const hits = useMemo(() => searchNodes(nodes, query, { recent: recentNodes(), end }), [nodes, query, end]);
  const hit = hits[Math.min(chosen, hits.length - 1)];

  function take(picked: Hit | undefined) {
    if (!picked) return;
    closeMenu();
    if (replaces !== null) {
      replaceNode(replaces, picked.schema.id);
      return;
    }
    const place = toCanvas(at);
    const blueprint = blueprintNamed(picked.schema.id);
    if (blueprint) {
      addBlueprint(blueprint, place);
      return;
    }
    const shift = end?.side === "input" ? NODE_WIDTH : 0;
    const wired = end && picked.port !== null ? { end, port: picked.port } : undefined;
    addNode(picked.schema.id, end ? { x: place.x - shift, y: place.y - PORT_TOP } : place, wired);
  }

  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setChosen((now) => (now + step + hits.length) % Math.max(1, hits.length));
    else if (event.key === "Enter") take(hit);
    else if (event.key === "Escape") closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className="gn-search"
      role="dialog"
      aria-label={replaces === null ? t("app.commands.addNode") : t("app.commands.replace")}
      style={placeBox(at)}
      onKeyDown={key}
    >
      <SearchInput
        query={query}
        end={end}
        active={hit && optionId(hit)}
        onType={(next) => {
          setQuery(next);
          setChosen(0);
        }}
      />
      <div className="gn-search-body">
        <HitList hits={hits} chosen={hit} onPick={take} onPoint={setChosen} />
        {hit && (
          <aside className="gn-search-doc">
            <NodeDoc schema={hit.schema} />
          </aside>
        )}
      </div>
    </div>
  );
}

function optionId(hit: Hit): string {
  return `gn-hit-${hit.schema.id}`;
}

interface SearchInputProps {
  readonly query: string;
  readonly end: LooseEnd | null;
  readonly active: string | undefined;
  readonly onType: (query: string) => void;
}

function SearchInput({ query, end, active, onType }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className="gn-search-head">
      <Search size={16} aria-hidden />
      <input
        ref={input}
        role="combobox"
        aria-expanded
        aria-controls="gn-hits"
        aria-activedescendant={active}
        aria-label={t("graph.searchPlaceholder")}
        placeholder={t("graph.searchPlaceholder")}
        value={query}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onType(event.target.value)}
      />
      {end && (
        <span className="gn-search-type" style={{ "--port": portColor(end.type) } as React.CSSProperties}>
          {end.side === "output" ? t("graph.fitsOutput", { type: end.type }) : t("graph.fitsInput", { type: end.type })}
        </span>
      )}
    </div>
  );
}

interface HitListProps {
  readonly hits: readonly Hit[];
  readonly chosen: Hit | undefined;
  readonly onPick: (hit: Hit) => void;
  readonly onPoint: (index: number) => void;
}

function HitList({ hits, chosen, onPick, onPoint }: HitListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) document.getElementById(optionId(chosen))?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  if (hits.length === 0) {
    return (
      <div className="gn-hits gn-hits-none">
        <p>{t("graph.searchEmpty")}</p>
        <p>{t("graph.searchEmptyDetail")}</p>
      </div>
    );
  }
  return (
    <div className="gn-hits" id="gn-hits" role="listbox" ref={list} aria-label={t("app.rail.nodes")}>
      {hits.map((hit, index) => {
        const Icon = categoryIcon(hit.schema.category);
        return (
          <div
            key={hit.schema.id}
            id={optionId(hit)}
            role="option"
            tabIndex={-1}
            className="gn-hit"
            aria-selected={hit === chosen}
            style={{ "--cat": categoryColor(hit.schema.category) } as React.CSSProperties}
            onPointerMove={() => onPoint(index)}
            onClick={() => onPick(hit)}
          >
            <Icon size={14} aria-hidden />
            <span>{hit.schema.name}</span>
            <small>{hit.port ?? hit.schema.category}</small>
          </div>
        );
      })}
    </div>
  );
}

/** Beside the pointer, but always inside the window. */
function placeBox(at: Point): React.CSSProperties {
  const width = Math.min(BOX.width, window.innerWidth - 2 * BOX.margin);
  const left = Math.max(BOX.margin, Math.min(at.x - 40, window.innerWidth - width - BOX.margin));
  const top = Math.max(BOX.margin, Math.min(at.y - 20, window.innerHeight - BOX.height - BOX.margin));
  return { left, top, width };
}
