import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "../text";
import { Kbd } from "../lib/ui";
import { patchNodes } from "./actions";
import { SWATCHES } from "./colors";
import { selection, selectOnly } from "./flow_store";
import { type MenuItem, menuItems, setGroupColor } from "./menu_items";
import { type CanvasMenu, closeMenu } from "./menu_store";
import "./menu.css";

const BOX = { width: 232, margin: 8 };

/** The menu of a right click: arrow keys walk through it, Enter picks, Escape closes. */
export function ContextMenu({ menu }: { readonly menu: Exclude<CanvasMenu, { kind: "search" }> }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (menu.kind === "node" && !selection().nodes.includes(menu.node)) selectOnly([menu.node]);
    list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [menu]);
  const items = menuItems(menu);

  function key(event: KeyboardEvent<HTMLDivElement>) {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all[(at - 1 + all.length) % all.length]?.focus();
    else if (event.key === "Escape") closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={list}
      className="gn-menu"
      role="menu"
      tabIndex={-1}
      style={placeMenu(menu.at, items.length)}
      onKeyDown={key}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item, index) => (item === "line" ? <hr key={index} /> : <MenuRow key={item.label} item={item} />))}
      {menu.kind === "node" && (
        <Swatches onPick={(color) => patchNodes(t("graph.edits.color"), selection().nodes, { color })} />
      )}
      {menu.kind === "group" && <Swatches onPick={(color) => setGroupColor(menu.group, color)} />}
    </div>
  );
}

function MenuRow({ item }: { readonly item: Exclude<MenuItem, "line"> }) {
  return (
    <button
      type="button"
      role="menuitem"
      className="gn-menu-item"
      data-danger={item.danger ?? false}
      onClick={() => {
        closeMenu();
        item.run();
      }}
    >
      <item.icon size={15} aria-hidden />
      <span>{item.label}</span>
      {item.keys && <Kbd keys={item.keys} />}
    </button>
  );
}

function Swatches({ onPick }: { readonly onPick: (color: string | undefined) => void }) {
  const pick = (color: string | undefined) => {
    closeMenu();
    onPick(color);
  };
  return (
    <div className="gn-swatches" role="group" aria-label={t("app.commands.color")}>
      {SWATCHES.map((color, index) => (
        <button
          key={color}
          type="button"
          aria-label={`${t("app.commands.color")} ${index + 1}`}
          style={{ background: color }}
          onClick={() => pick(color)}
        />
      ))}
      <button
        type="button"
        className="gn-swatch-none"
        aria-label={t("app.commands.resetColor")}
        title={t("app.commands.resetColor")}
        onClick={() => pick(undefined)}
      />
    </div>
  );
}

function placeMenu(at: { x: number; y: number }, rows: number): React.CSSProperties {
  const height = rows * 30 + 60;
  return {
    left: Math.max(BOX.margin, Math.min(at.x, window.innerWidth - BOX.width - BOX.margin)),
    top: Math.max(BOX.margin, Math.min(at.y, window.innerHeight - height - BOX.margin)),
    width: BOX.width,
  };
}
