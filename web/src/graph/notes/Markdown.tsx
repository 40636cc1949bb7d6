/**
 * Markdown as React elements. Nothing is ever handed to the browser as HTML: a workflow from somebody else can hold any
 * text, and what is not one of the elements below stays text. Links lead to web and mail addresses only; pictures become
 * links, so that opening a workflow tells nobody. The parser is large: import this lazily.
 */
import { lexer, type Token, type Tokens } from "marked";
import { createElement, Fragment, memo, type ReactNode } from "react";

/** What lies deeper stays as it was written; deep nesting would end the stack. */
const MAX_DEPTH = 12;
/** Longer texts are not parsed: the time for some texts grows with the square of their length. */
const MAX_CHARS = 20_000;
const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);

export const Markdown = memo(function Markdown({ source }: { readonly source: string }) {
  return <>{blocks(parse(source), 0)}</>;
});

/** The tokens of a text; a text that is too long or that the parser cannot take stays as it is. */
function parse(source: string): readonly Token[] {
  const plain = [{ type: "text", raw: source, text: source }];
  if (source.length > MAX_CHARS) return plain;
  try {
    return lexer(source, { gfm: true, breaks: true });
  } catch {
    return plain;
  }
}

/** An address that may be followed, or null. */
export function safeAddress(href: string): string | null {
  try {
    const { protocol } = new URL(href);
    return SAFE_PROTOCOLS.has(protocol) ? href : null;
  } catch {
    return null;
  }
}

function blocks(tokens: readonly Token[], depth: number): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{one(token as Tokens.Generic, depth)}</Fragment>);
}

/** One token and what is in it. */
function one(token: Tokens.Generic, depth: number): ReactNode {
  if (depth > MAX_DEPTH) return token.raw;
  const inside = () => (token.tokens ? blocks(token.tokens, depth + 1) : token.text);
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      // The page and the panels have the first two levels.
      return createElement(`h${Math.min(6, token.depth + 2)}`, null, inside());
    case "paragraph":
      return <p>{inside()}</p>;
    case "text":
    case "escape":
      return inside();
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "codespan":
      return <code>{token.text}</code>;
    case "code":
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote>{inside()}</blockquote>;
    case "list":
      return list(token as Tokens.List, depth);
    case "table":
      return table(token as Tokens.Table, depth);
    case "link":
      return link(token.href, inside());
    case "image":
      return link(token.href, token.text || token.href);
    default:
      return token.raw;
  }
}

function link(href: string, content: ReactNode): ReactNode {
  const address = safeAddress(href);
  if (address === null) return content;
  return (
    <a className="nodrag" href={address} target="_blank" rel="noopener noreferrer nofollow">
      {content}
    </a>
  );
}

function list({ ordered, start, items }: Tokens.List, depth: number): ReactNode {
  const rows = items.map((item, index) => (
    <li key={index} data-task={item.task || undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} disabled aria-label={item.text} readOnly />}
      {blocks(
        item.tokens.filter((token) => token.type !== "checkbox"),
        depth + 1,
      )}
    </li>
  ));
  return ordered ? <ol start={start === "" ? 1 : start}>{rows}</ol> : <ul>{rows}</ul>;
}

function table({ header, rows }: Tokens.Table, depth: number): ReactNode {
  const cells = (row: readonly Tokens.TableCell[], name: "td" | "th") =>
    row.map((cell, index) =>
      createElement(
        name,
        { key: index, style: cell.align ? { textAlign: cell.align } : undefined },
        blocks(cell.tokens, depth + 1),
      ),
    );
  return (
    <table>
      <thead>
        <tr>{cells(header, "th")}</tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>{cells(row, "td")}</tr>
        ))}
      </tbody>
    </table>
  );
}
