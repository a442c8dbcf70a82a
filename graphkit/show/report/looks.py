"""How the report looks, on a screen of any width and on paper, and how a reader changes its language."""

from __future__ import annotations

from graphkit.pages.page import FONTS

STYLE = f"""
:root {{ --ink: #1d2429; --soft: #5c6870; --line: #dfe3e6; --link: #0b5cad; }}
* {{ box-sizing: border-box; }}
html[lang="en"] [lang="zh-CN"]:not(.always), html[lang="zh-CN"] [lang="en"]:not(.always) {{ display: none; }}
body {{ margin: 0; font: 16px/1.75 {FONTS}; color: var(--ink); background: #fff; }}
html[lang="en"] body {{ line-height: 1.6; }}
main {{ max-width: 860px; margin: 0 auto; padding: 44px 28px 72px; }}
header {{ display: flex; align-items: flex-start; justify-content: space-between; gap: 24px; padding-bottom: 18px; border-bottom: 2px solid var(--ink); }}
h1 {{ margin: 0; font-size: 28px; line-height: 1.3; font-weight: 600; }}
.day, .note {{ margin: 4px 0 0; color: var(--soft); }}
.languages {{ display: flex; flex: none; margin-top: 5px; }}
.languages button {{ font: inherit; font-size: 14px; line-height: 1.4; padding: 4px 12px; border: 1px solid #c3cad0; background: #fff; color: inherit; cursor: pointer; }}
.languages button:first-child {{ border-radius: 6px 0 0 6px; }}
.languages button:last-child {{ border-radius: 0 6px 6px 0; border-left: 0; }}
.languages button[aria-pressed="true"] {{ background: var(--ink); border-color: var(--ink); color: #fff; }}
.answers {{ margin: 26px 0 0; padding: 0; list-style: none; }}
.answers li {{ padding: 7px 0 7px 8.5em; text-indent: 0; position: relative; }}
.answers a {{ position: absolute; left: 0; font-weight: 600; }}
a {{ color: var(--link); text-decoration: none; }}
a:hover {{ text-decoration: underline; }}
:focus-visible {{ outline: 2px solid var(--link); outline-offset: 2px; }}
nav {{ display: flex; flex-wrap: wrap; gap: 4px 22px; margin-top: 18px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 14.5px; }}
section {{ margin-top: 54px; }}
h2 {{ margin: 0 0 8px; font-size: 21px; line-height: 1.4; font-weight: 600; }}
h3 {{ margin: 24px 0 4px; font-size: 15px; font-weight: 600; }}
.lead {{ margin: 8px 0 0; }}
figure {{ margin: 22px 0 6px; }}
figure img {{ width: 100%; height: auto; }}
.wide {{ overflow-x: auto; }}
.wide + .wide {{ margin-top: 26px; }}
table {{ width: 100%; margin-top: 14px; border-collapse: collapse; font-size: 14.5px; line-height: 1.55; }}
caption {{ padding-bottom: 6px; text-align: left; color: var(--soft); }}
th {{ padding: 5px 14px 5px 0; border-bottom: 1.5px solid var(--ink); text-align: left; vertical-align: bottom; font-weight: 600; }}
td {{ padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; min-width: 3.6em; }}
th:last-child, td:last-child {{ padding-right: 0; }}
html[lang="en"] :is(th, li, caption)::first-letter {{ text-transform: uppercase; }}
.short {{ white-space: nowrap; }}
.subject {{ min-width: 8.5em; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }} td.number {{ white-space: nowrap; }}
ul {{ margin: 0; padding-left: 1.2em; font-size: 14.5px; color: #3a454c; }}
.rules {{ margin: 12px 0 0; font-size: 14px; color: var(--soft); }}
code {{ font: inherit; }}
summary {{ margin-top: 10px; cursor: pointer; color: var(--link); font-size: 14.5px; }}
@media screen and (max-width: 620px) {{
  main {{ padding: 24px 16px 48px; }} h1 {{ font-size: 23px; }} .answers li {{ padding-left: 0; }} .answers a {{ position: static; }}
  figure {{ overflow-x: auto; }} figure img {{ min-width: 600px; }}
  .stack caption {{ display: block; }} .stack thead {{ display: none; }} .stack tr {{ display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }}
  .stack td {{ display: block; min-width: 0; padding: 0; border: 0; }} .stack :is(.short, .number, .subject) {{ display: inline; padding-right: 10px; }}
}}
@media print {{
  body {{ font-size: 11pt; }} main {{ max-width: none; padding: 0; }} .languages, nav, details {{ display: none; }} a {{ color: inherit; }}
  section {{ margin-top: 28pt; }} h2, h3, caption {{ break-after: avoid; }} figure, tr, li {{ break-inside: avoid; }} @page {{ margin: 18mm 16mm; }}
}}
"""

SCRIPT = """
"use strict";
for (const button of document.querySelectorAll(".languages button")) {
  const show = () => button.setAttribute("aria-pressed", String(document.documentElement.lang === button.dataset.lang));
  button.onclick = () => {
    document.documentElement.lang = button.dataset.lang;
    document.title = document.querySelector(`h1 [lang="${button.dataset.lang}"]`).textContent;
    document.querySelectorAll(".languages button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  };
  show();
}
"""
