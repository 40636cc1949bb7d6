const COLOR = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** What was typed as "#rrggbb" in small letters, also from three digits; null when it is no colour. */
export function asColor(typed: string): string | null {
  const digits = COLOR.exec(typed.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return null;
  return digits.length === 6 ? `#${digits}` : `#${[...digits].map((digit) => digit + digit).join("")}`;
}
