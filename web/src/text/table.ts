/** The shape of a table of texts: one flat record per area, keys such as "edits.move". */

/** A text that depends on a number `n`; `Intl.PluralRules` of the language chooses the form. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** A text; `{name}` stands for the parameter of that name. */
export type Entry = string | Plural;

export type Area = Readonly<Record<string, Entry>>;

/** The same keys in another language, plural where the first one is plural; a missing or additional key is an error. */
export type Translated<T extends Area> = { readonly [K in keyof T]: T[K] extends string ? string : Plural };

export type Params = Readonly<Record<string, string | number>>;

/** Put parameters into an entry. A parameter that is not given stays visible as `{name}`. */
export function fill(entry: Entry, params: Params, rules: Intl.PluralRules): string {
  const template =
    typeof entry === "string" ? entry : entry[rules.select(Number(params.n)) === "one" ? "one" : "other"];
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
