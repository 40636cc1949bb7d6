import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown, safeAddress } from "../../graph/notes/Markdown";

const html = (source: string) => renderToStaticMarkup(createElement(Markdown, { source }));

describe("a note's Markdown", () => {
  it("becomes headings, lists, tables, code and links", () => {
    expect(html("# Title\n\nSome **bold** and `code`.")).toBe(
      "<h3>Title</h3><p>Some <strong>bold</strong> and <code>code</code>.</p>",
    );
    expect(html("- one\n- [x] two")).toMatch(
      /<ul><li>one<\/li><li data-task="true"><input .*checked=""\/>two<\/li><\/ul>/,
    );
    expect(html("3. three")).toBe('<ol start="3"><li>three</li></ol>');
    expect(html("|a|b|\n|-|-|\n|1|2|")).toContain("<tbody><tr><td>1</td><td>2</td></tr></tbody>");
    expect(html("[site](https://example.org)")).toContain('href="https://example.org"');
    expect(html("[site](https://example.org)")).toContain('rel="noopener noreferrer nofollow"');
  });

  it("keeps line breaks as they were typed", () => {
    expect(html("one\ntwo")).toBe("<p>one<br/>two</p>");
  });
});

describe("a hostile note", () => {
  const ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "text <b onclick=alert(1)>bold</b>",
    "[click](javascript:alert(1))",
    "[click](  JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "<javascript:alert(1)>",
    "![picture](https://tracker.example/pixel.png)",
    '![x](x" onerror="alert(1))',
    "<iframe src='https://example.org'></iframe>",
    "[x]: javascript:alert(1)\n\n[x]",
    '<svg><a href="javascript:alert(1)">x</a></svg>',
    "```html\n<script>alert(1)</script>\n```",
  ];

  it.each(ATTACKS)("stays text: %s", (source) => {
    const made = html(source);
    expect(made).not.toMatch(/<(script|img|iframe|svg|b|object|style|form)\b/i);
    expect(made).not.toMatch(/<[^>]*\son\w+=/i);
    expect(made).not.toMatch(/(href|src)="\s*(javascript|data|vbscript):/i);
  });

  it("does not end the stack by nesting", () => {
    expect(html(`${">".repeat(800)} deep`)).toContain("deep");
    expect(html(`${"[".repeat(800)}x${"](y)".repeat(800)}`)).toContain("x");
  });

  it("is not parsed where it is very long", () => {
    expect(html(`**bold** ${"x".repeat(30_000)}`)).toContain("**bold** xxx");
  });
});

it("only web and mail addresses are followed", () => {
  expect(safeAddress("https://example.org/a")).toBe("https://example.org/a");
  expect(safeAddress("mailto:me@example.org")).toBe("mailto:me@example.org");
  for (const address of ["javascript:alert(1)", "java\nscript:alert(1)", "/api/queue", "file:///etc/passwd", ""]) {
    expect(safeAddress(address)).toBeNull();
  }
});
