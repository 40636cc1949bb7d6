import { useStore } from "zustand";
import { type DocumentState, documentStore } from "./store";

export function useDocument<T>(selector: (state: DocumentState) => T): T {
  return useStore(documentStore, selector);
}
