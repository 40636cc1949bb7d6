import { afterEach, expect, test } from "vitest";
import { languageStore } from "../../text";
import { de } from "../../text/de";
import { en } from "../../text/en";
import { type Entry, fill } from "../../text/table";

const RULES = new Intl.PluralRules("en");
type Tables = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

afterEach(() => languageStore.setState({ language: "en" }));

test("parameters and the plural form are put in", () => {
  expect(fill("{a} does not fit {b}.", { a: "INT", b: "CAMERA" }, RULES)).toBe("INT does not fit CAMERA.");
  const entry = { one: "{n} node", other: "{n} nodes" };
  expect([0, 1, 2].map((n) => fill(entry, { n }, RULES))).toEqual(["0 nodes", "1 node", "2 nodes"]);
});

test("a parameter that is not given stays visible", () => {
  expect(fill("Open {name}", {}, RULES)).toBe("Open {name}");
});

test("every text has the same parameters in both languages, and none is empty", () => {
  const wrong = entries(en).flatMap(([key, first]) => {
    const second = entries(de).find(([other]) => other === key)?.[1];
    const same = second !== undefined && params(first).join() === params(second).join();
    return same && forms(first).every(Boolean) && forms(second).every(Boolean) ? [] : [key];
  });
  expect(wrong).toEqual([]);
  expect(entries(de).length).toBe(entries(en).length);
});

function entries(tables: Tables): [string, Entry][] {
  return Object.entries(tables).flatMap(([area, texts]) =>
    Object.entries(texts).map(([key, entry]): [string, Entry] => [`${area}.${key}`, entry]),
  );
}

function forms(entry: Entry): string[] {
  return typeof entry === "string" ? [entry] : [entry.one, entry.other];
}

function params(entry: Entry): string[] {
  return [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
}
