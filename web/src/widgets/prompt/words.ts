/**
 * Which words of a prompt a model understands: the rules of nodegraph/generator/text.py. Letters only, case does not
 * matter, a plural stands for its singular and the other way round. Pure.
 */

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly known: boolean;
}

const WORD = /[a-z]+/g;

/** The word itself, or its singular or plural, whichever the vocabulary holds. */
export function stem(word: string, known: ReadonlySet<string>): string | null {
  const forms = [word, word.replace(/s$/, ""), `${word}s`, word.replace(/es$/, "")];
  return forms.find((form) => known.has(form)) ?? null;
}

export function wordsOf(prompt: string, known: ReadonlySet<string>): readonly Word[] {
  return [...prompt.toLowerCase().matchAll(WORD)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
    known: stem(match[0], known) !== null,
  }));
}

/** Unknown words once each, in order. */
export function leftOut(words: readonly Word[]): readonly string[] {
  return [...new Set(words.filter((word) => !word.known).map((word) => word.text))];
}

/** The text as pieces, to be drawn behind the field: words that are left out, and all between. */
export function pieces(prompt: string, words: readonly Word[]): readonly { text: string; unknown: boolean }[] {
  const found: { text: string; unknown: boolean }[] = [];
  let at = 0;
  for (const word of words) {
    if (word.known) continue;
    if (word.start > at) found.push({ text: prompt.slice(at, word.start), unknown: false });
    found.push({ text: prompt.slice(word.start, word.end), unknown: true });
    at = word.end;
  }
  if (at < prompt.length) found.push({ text: prompt.slice(at), unknown: false });
  return found;
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
}

const MOST = 6;
const LEAST_LETTERS = 2;

/** Known words that begin with the letters before the cursor; null where there is nothing to offer. */
export function completion(prompt: string, cursor: number, vocabulary: readonly string[]): Completion | null {
  const before = /[a-z]+$/i.exec(prompt.slice(0, cursor))?.[0] ?? "";
  if (before.length < LEAST_LETTERS || /^[a-z]/i.test(prompt.slice(cursor))) return null;
  const begun = before.toLowerCase();
  const words = vocabulary.filter((word) => word.startsWith(begun) && word !== begun).slice(0, MOST);
  return words.length === 0 ? null : { start: cursor - before.length, end: cursor, words };
}

/** The words in force: those of the presets that the workflow loads, or of every preset where it loads none. */
export function vocabularyFor(
  words: Readonly<Record<string, readonly string[]>>,
  presets: readonly string[],
): readonly string[] {
  const chosen = presets.filter((preset) => preset in words);
  const lists = (chosen.length > 0 ? chosen : Object.keys(words)).map((preset) => words[preset] ?? []);
  return [...new Set(lists.flat())].sort();
}
