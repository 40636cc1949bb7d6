import { t } from "../text";

/** One sentence for a caught error: its own words and, where it has one, the remedy. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return t("common.errors.unexpected");
  const remedy = "remedy" in error && typeof error.remedy === "string" ? ` ${error.remedy}` : "";
  return `${error.message}${remedy}`;
}
