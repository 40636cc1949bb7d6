/** The node types used last, newest first; kept in localStorage. */
const KEY = "nodegraph.recent";
const KEPT = 8;

export function recentNodes(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function rememberNode(type: string): void {
  const list = [type, ...recentNodes().filter((id) => id !== type)].slice(0, KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Without storage the list of recent nodes is only shorter.
  }
}
