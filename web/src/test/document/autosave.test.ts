import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAutosave, loadDraft } from "../../document/autosave";
import { documentOf, node } from "../fixtures/documents";

class MemoryStorage implements Storage {
  readonly [name: string]: unknown;
  private readonly items = new Map<string, string>();
  writes = 0;
  full = false;
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.writes++;
    this.items.set(key, value);
  }
}

const DRAFT = { doc: documentOf([node("1", "a")]), saved: true, readOnly: false };

describe("autosave", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("writes once after edits pause, and reads it back", () => {
    const storage = new MemoryStorage();
    const autosave = createAutosave(storage, () => undefined);
    for (let edit = 0; edit < 5; edit++) autosave.update(DRAFT);
    expect(storage.writes).toBe(0);
    vi.runAllTimers();
    expect(storage.writes).toBe(1);
    expect(loadDraft(storage)).toEqual(DRAFT);
  });

  it("writes at once when the page goes away", () => {
    const storage = new MemoryStorage();
    const autosave = createAutosave(storage, () => undefined);
    autosave.update(DRAFT);
    autosave.flush();
    expect(storage.writes).toBe(1);
  });

  it("complains once when the browser is full, and again only after a write has worked", () => {
    const storage = new MemoryStorage();
    const complain = vi.fn();
    const autosave = createAutosave(storage, complain);
    const write = () => {
      autosave.update(DRAFT);
      autosave.flush();
    };
    storage.full = true;
    write();
    write();
    expect(complain).toHaveBeenCalledTimes(1);
    storage.full = false;
    write();
    storage.full = true;
    write();
    expect(complain).toHaveBeenCalledTimes(2);
  });

  it("takes a broken draft for none", () => {
    const storage = new MemoryStorage();
    storage.setItem("nodegraph.draft", "{oops");
    expect(loadDraft(storage)).toBeNull();
    expect(loadDraft(new MemoryStorage())).toBeNull();
  });
});
