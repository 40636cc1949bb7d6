import { type KeyboardEvent, type RefObject, useEffect } from "react";

/**
 * A small panel that goes away by a press outside of it or by Escape. Give the ref and the returned key handler to the element that
 * holds the panel and its button.
 */
export function useDismiss(
  box: RefObject<HTMLElement | null>,
  open: boolean,
  close: () => void,
): (event: KeyboardEvent) => void {
  // `close` only sets a state: a newer one does the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    window.addEventListener("pointerdown", outside, true);
    return () => window.removeEventListener("pointerdown", outside, true);
  }, [box, open]);
  return (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    box.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus();
    close();
  };
}
