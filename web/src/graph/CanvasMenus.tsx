import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { closeMenu, menuStore } from "./menu_store";
import { ContextMenu } from "./ContextMenu";
import { NodeSearch } from "./NodeSearch";

/** The search box or menu that is open over the canvas; a click elsewhere closes it. */
export function CanvasMenus() {
  const menu = useStore(menuStore, (state) => state.menu);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!menu) return;
    const before = document.activeElement;
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) closeMenu();
    };
    window.addEventListener("pointerdown", away, true);
    return () => {
      window.removeEventListener("pointerdown", away, true);
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, [menu]);
  if (!menu) return null;
  return (
    <div ref={box} key={`${menu.kind}${menu.at.x},${menu.at.y}`}>
      {menu.kind === "search" ? (
        <NodeSearch at={menu.at} end={menu.end} replaces={menu.replaces ?? null} />
      ) : (
        <ContextMenu menu={menu} />
      )}
    </div>
  );
}
