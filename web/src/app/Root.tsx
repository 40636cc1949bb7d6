import { useLayoutEffect } from "react";
import { useStore } from "zustand";
import { languageStore } from "../text";
import { App } from "./App";

/** The editor in the chosen language; another language draws everything anew, the stores keep what is open. */
export function Root() {
  const language = useStore(languageStore, (state) => state.language);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <App key={language} />;
}
