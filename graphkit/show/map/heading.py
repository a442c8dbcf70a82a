"""What the head of the map says: which district, on which day, how much of it, and what the picture is not."""

from __future__ import annotations

import datetime as dt

from graphkit.data.tables import Tables
from graphkit.model.kinds import TOWNSHIP
from graphkit.pages.page import both
from graphkit.words import Text

UNNAMED = "district"  # the name a set of tables has until it is given one
NAMED_TOWNSHIPS = 2  # townships named before the rest are counted
CODE = 6  # digits of a division code that name the county or district

POSITIONS = Text("位置不代表地理方位。", "Positions are not geography.")
COUNTED = {
    "Village": (Text("{n} 个村和社区", "{n} villages"), "{n} village"),
    "Cooperative": (Text("{n} 个合作组织", "{n} co-operatives"), "{n} co-operative"),
    "Branch": (Text("{n} 个党组织", "{n} branches"), "{n} branch"),
    "Member": (Text("{n} 名党员与培养对象", "{n} members"), "{n} member"),
    "Household": (Text("{n} 户", "{n} households"), "{n} household"),
}


def render_heading(tables: Tables, title: Text, day: dt.date | None, note: Text | None) -> str:
    """Title, what is drawn, and what a reader must know about it, as HTML in both languages."""
    facts = [name_district(tables), None if day is None else Text(f"截至 {day}", f"as of {day}"), count_drawn(tables)]
    known = [fact for fact in facts if fact is not None]
    about = Text(" · ".join(fact.zh for fact in known), " · ".join(fact.en for fact in known))
    said = POSITIONS if note is None else Text(f"{note.zh}{POSITIONS.zh}", f"{note.en} {POSITIONS.en}")
    return f'<h1>{both(title)}</h1><p class="facts">{both(about)}</p><p class="note">{both(said)}</p>'


def name_district(tables: Tables) -> Text | None:
    """Return the name of the district; of tables that were given none its division code and its townships, None where they say nothing either."""
    if tables.dataset != UNNAMED:
        return Text(tables.dataset, tables.dataset)
    names = [name or code for name, code in zip(tables["Township"]["name"].to_pylist(), tables["Township"]["code"].to_pylist(), strict=True)]
    if not names:
        return None
    first, rest = "、".join(names[:NAMED_TOWNSHIPS]), len(names) - NAMED_TOWNSHIPS
    code = _common_code(tables)
    zh = f"{first}等 {len(names)} 个乡镇（街道）" if rest > 0 else first
    en = first.replace("、", ", ") + (f" and {rest} more township{'s' if rest > 1 else ''}" if rest > 0 else "")
    return Text(f"区划代码 {code}：{zh}", f"division {code}: {en}") if code else Text(zh, en)


def count_drawn(tables: Tables) -> Text:
    """Return how many of each kind there are; a kind of which there is none is left out."""
    zh, en, terms = [], [], tables.model.terms
    for kind, (many, one) in COUNTED.items():
        if n := tables[kind].num_rows:
            several, single = terms.put(many), terms.put(Text(many.zh, one))
            zh.append(several.zh.format(n=f"{n:,}"))
            en.append((single if n == 1 else several).en.format(n=f"{n:,}"))
    return Text("、".join(zh), ", ".join(en)) if zh else Text("没有可画的", "nothing to draw")


def _common_code(tables: Tables) -> str | None:
    """Return the digits that name the county, where townships go by the codes of China's statistics and all share them."""
    if tables.model.node_type(TOWNSHIP.label).properties[0].digits != TOWNSHIP.properties[0].digits:
        return None
    heads = {code[:CODE] for code in tables[TOWNSHIP.table]["code"].to_pylist()}
    head = heads.pop() if len(heads) == 1 else ""
    return head if len(head) == CODE and head.isdigit() else None
