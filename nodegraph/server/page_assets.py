"""Style and script of the page of a take. The page names them by their hashes and allows itself nothing else."""

from __future__ import annotations

__all__ = ["SCRIPT", "STYLE"]

STYLE = """\
:root{color-scheme:dark light;--bg:#111318;--text:#e6e8ec;--dim:#a3a9b4;--line:#2c313b;--box:#1b1f27;--wire:#7d8796;
  --accent:#f3b13c}
@media (prefers-color-scheme:light){:root{--bg:#fff;--text:#16181d;--dim:#545b67;--line:#d4d8df;--box:#f4f5f7;
  --wire:#7d8796;--accent:#8a5a00}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.55 system-ui,sans-serif}
main{max-width:64rem;margin:auto;padding:1rem}
h1{font-size:1.5rem}h2{margin-top:2rem;font-size:1.15rem}
video{display:block;width:100%;max-height:76vh;background:#000;border-radius:8px}
.hint{padding:.7rem 1rem;border:1px dashed var(--accent);border-radius:8px}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.2rem;margin:0}
dt,.facts dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
svg{display:block;width:100%;max-height:80vh;border:1px solid var(--line);border-radius:8px}
svg text{fill:var(--text);font:13px system-ui,sans-serif}
svg .name{font-weight:650}svg .row{fill:var(--dim);font-size:12px}
svg .group{fill:none;stroke:var(--line);stroke-dasharray:6 4}svg .group-name{fill:var(--dim)}
svg .node rect{fill:var(--box);stroke:var(--line)}
svg .muted{opacity:.45}svg .bypassed{opacity:.6}
svg .wire{fill:none;stroke:var(--wire);stroke-width:2}
details{margin-top:1rem}summary{min-height:2.6rem;cursor:pointer}
ol{padding-left:1.4rem}li{margin-bottom:.8rem}
li dl{display:grid;grid-template-columns:minmax(6rem,max-content) minmax(0,1fr);gap:0 1rem;margin:.2rem 0 0}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{color:var(--dim);font-weight:600}
.moments{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;list-style:none}.moments li{margin:0;max-width:100%}
.moments button{padding:0 .8rem;overflow-wrap:anywhere;text-align:left}
.moments span{margin-left:.6rem;color:var(--dim);font-variant-numeric:tabular-nums}
td button,.moments button{min-width:3.4rem;min-height:2rem;border:1px solid var(--line);border-radius:6px;
  background:var(--box);color:var(--text);font:inherit;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
"""

SCRIPT = """\
"use strict";
// The film stands in blocks of base64; put together they are one file that the page may play.
const film = document.getElementById("film");
const blocks = [...document.querySelectorAll("script.film")];
if (film && blocks.length > 0) {
  const pieces = blocks.map((block) => {
    const text = atob(block.textContent);
    block.remove();
    return Uint8Array.from(text, (char) => char.charCodeAt(0));
  });
  film.src = URL.createObjectURL(new Blob(pieces, { type: "video/mp4" }));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-seconds]");
  if (!button || !film) return;
  film.currentTime = Number(button.dataset.seconds);
  film.scrollIntoView({ block: "nearest" });
});
"""
