/** Arithmetic typed into a number field: + - * / ^ and brackets, decimal comma or point, pi. Pure. */

const TOKEN = /\s*(?:(\d+(?:[.,]\d*)?(?:e[+-]?\d+)?|[.,]\d+)|(pi)|(\*\*|[-+*/^()]))/iy;

function tokens(typed: string): readonly string[] | null {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  const source = typed.trimEnd();
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) return null;
    found.push((match[1]?.replace(",", ".") ?? match[2] ?? match[3] ?? "").replace("**", "^").toLowerCase());
  }
  return found;
}

/** Recursive descent: sum of products of powers of signed values. */
class Parser {
  private at = 0;

  constructor(private readonly found: readonly string[]) {}

  whole(): number {
    const value = this.sum();
    return this.at === this.found.length ? value : Number.NaN;
  }

  private take(...wanted: readonly string[]): string | null {
    const token = this.found[this.at];
    if (token === undefined || !wanted.includes(token)) return null;
    this.at += 1;
    return token;
  }

  private sum(): number {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) {
      value += sign === "+" ? this.product() : -this.product();
    }
    return value;
  }

  private product(): number {
    let value = this.signed();
    for (let sign = this.take("*", "/"); sign; sign = this.take("*", "/")) {
      const right = this.signed();
      value = sign === "*" ? value * right : value / right;
    }
    return value;
  }

  private signed(): number {
    const sign = this.take("+", "-");
    return sign ? (sign === "-" ? -this.signed() : this.signed()) : this.power();
  }

  private power(): number {
    const base = this.value();
    return this.take("^") ? base ** this.signed() : base;
  }

  private value(): number {
    if (this.take("(")) {
      const inner = this.sum();
      return this.take(")") ? inner : Number.NaN;
    }
    if (this.take("pi")) return Math.PI;
    const token = this.found[this.at] ?? "";
    this.at += 1;
    return /^[\d.]/.test(token) ? Number(token) : Number.NaN;
  }
}

/** The value of what was typed, rounded free of floating dust; null when it is no number. A unit behind it is ignored. */
export function evaluate(typed: string, unit?: string | null): number | null {
  const bare = unit && typed.trimEnd().endsWith(unit) ? typed.trimEnd().slice(0, -unit.length) : typed;
  const found = tokens(bare);
  if (!found || found.length === 0) return null;
  const value = new Parser(found).whole();
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : null;
}
