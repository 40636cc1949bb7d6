/** The colours of the theme as a canvas takes them. */
import type { Palette } from "./draw";

/** Read the tokens as they are for `element`; make a new one when the theme changes. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const known = new Map<string, string>();
  function resolve(color: string): string {
    const found = known.get(color);
    if (found !== undefined) return found;
    const name = /^var\((--[\w-]+)/.exec(color)?.[1];
    const value = name === undefined ? color : token(name);
    // A token may itself be a reference to another one.
    const plain = value.startsWith("var(") ? resolve(value) : value;
    known.set(color, plain);
    return plain;
  }
  return {
    node: resolve("var(--bg-4)"),
    text: resolve("var(--text-1)"),
    accent: resolve("var(--accent)"),
    heat: resolve("var(--heat)"),
    font: token("--font") || "sans-serif",
    resolve,
  };
}
