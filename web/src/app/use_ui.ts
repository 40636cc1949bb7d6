import { useStore } from "zustand";
import { type UiState, uiStore } from "./ui_store";

export function useUi<T>(selector: (state: UiState) => T): T {
  return useStore(uiStore, selector);
}
