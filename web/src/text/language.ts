/** The language of the editor: chosen in the settings, else the browser's where there is a table for it. */
import { createStore } from "zustand/vanilla";

export type Language = "en" | "de";

/** Languages by the name they give themselves. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const KEY = "nodegraph.language";

export const languageStore = createStore<{ readonly language: Language }>(() => ({ language: firstLanguage() }));

export function setLanguage(language: Language): void {
  languageStore.setState({ language });
  globalThis.localStorage?.setItem(KEY, language);
}

function firstLanguage(): Language {
  const wanted = [globalThis.localStorage?.getItem(KEY), ...(globalThis.navigator?.languages ?? [])];
  return wanted.map((tag) => tag?.slice(0, 2)).find(isLanguage) ?? "en";
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && tag in LANGUAGES;
}
