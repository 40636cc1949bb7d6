/** Answers of the server about presets, one request a preset; kept until the page is left. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { api } from "../../lib/api";
import { errorText } from "../../lib/error_text";
import type { Estimate } from "./estimate";

export type Answer =
  | { readonly status: "asked" }
  | { readonly status: "ready"; readonly found: Estimate }
  | { readonly status: "failed"; readonly message: string };

export const estimateStore = createStore<Readonly<Record<string, Answer>>>(() => ({}));

/** Ask for a preset; one that was answered is not asked again, one that failed is. */
export async function askEstimate(preset: string): Promise<void> {
  const known = estimateStore.getState()[preset];
  if (known !== undefined && known.status !== "failed") return;
  const answered = (answer: Answer) => estimateStore.setState({ [preset]: answer });
  answered({ status: "asked" });
  try {
    const found = await api<Estimate>("GET", `/api/estimate?preset=${encodeURIComponent(preset)}`);
    answered({ status: "ready", found });
  } catch (error) {
    answered({ status: "failed", message: errorText(error) });
  }
}

export function useEstimate(preset: string): Answer | undefined {
  return useStore(estimateStore, (answers) => answers[preset]);
}
