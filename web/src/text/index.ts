/**
 * Every visible text of the editor, by key: `t("graph.empty")`, `t("graph.edits.remove", { n: 3 })`.
 * Call `t` while drawing or acting, not where a module loads: the language can change while the page is open.
 * One file per area and language; `en` names the keys and the type of `de` demands each of them.
 */
import { de } from "./de";
import { en } from "./en";
import { type Language, languageStore } from "./language";
import { type Entry, fill, type Params } from "./table";

type Areas = typeof en;
export type TextKey = { [A in keyof Areas]: `${A}.${Extract<keyof Areas[A], string>}` }[keyof Areas];

const TABLES: Readonly<Record<Language, Readonly<Record<keyof Areas, Readonly<Record<string, Entry>>>>>> = { en, de };
const RULES: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules("en"),
  de: new Intl.PluralRules("de"),
};

export function t(key: TextKey, params: Params = {}): string {
  const { language } = languageStore.getState();
  const dot = key.indexOf(".");
  const entry = TABLES[language][key.slice(0, dot) as keyof Areas][key.slice(dot + 1)];
  return entry === undefined ? key : fill(entry, params, RULES[language]);
}

export { LANGUAGES, type Language, languageStore, setLanguage } from "./language";
