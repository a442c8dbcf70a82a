// Panel: the overview, what is chosen, and the lists that say in words what the map shows.
const make = (tag, text, classes) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (classes) element.className = classes;
  return element;
};
const button = (text, act, classes) => { const b = make("button", text, classes); b.type = "button"; b.onclick = act; return b; };
const go = (i, text) => button(text || label(i), () => choose(i, true));
const FIRST = 60;
const chips = (heading, list, classes) => {
  if (!list.length) return [];
  const title = make("h3", `${heading} `), ul = make("ul", undefined, `chips ${classes || ""}`);
  title.append(make("span", list.length.toLocaleString(), "count"));
  const add = (part) => part.forEach((i) => { const li = make("li"); li.append(go(i)); ul.append(li); });
  add(list.slice(0, FIRST));
  const rest = list.slice(FIRST);
  if (!rest.length) return [title, ul];
  const more = button(say("more", rest.length.toLocaleString()), () => { add(rest); more.remove(); }, "more");
  return [title, ul, more];
};
const figures = (pairs) => {
  const row = make("div", undefined, "figures");
  for (const [number, text, classes] of pairs) { const d = make("div", undefined, classes); d.append(make("b", number === null ? "–" : number.toLocaleString()), make("span", text)); row.append(d); }
  return row;
};
const verdict = (i) => {  // a box for each rule that asks something of it
  if (!data.verdicts) return [];
  const lines = linesOf(i);
  if (!lines.length) { const box = make("div", undefined, "verdict"); box.append(make("p", `${tell(data.notAsked)}${colon()}${say("noRule")}`)); return [box]; }
  return lines.map((told) => {
    const box = make("div", undefined, `verdict ${told.outcome}`), line = make("p");
    line.append(make("strong", tell(told.word)), document.createTextNode(` · ${tell(told.rule)}`));
    box.append(line, make("p", [tell(told.reason), tell(told.flags)].filter(Boolean).join(" · ")));
    if (told.outcome !== "met" && tell(told.remedy)) box.append(make("p", `${say("remedy")}${colon()}${tell(told.remedy)}`));
    return box;
  });
};
const welcome = () => {
  const parts = [];
  if (data.verdicts) {
    const counts = KINDS.map((kind, k) => { let n = 0; for (let i = starts[k]; i < starts[k + 1]; i++) n += isGap(i); return [n, tell(kind.name), "", k]; }).filter(([n]) => n);
    parts.push(make("h3", say("gaps")), figures(counts.map(([n, name]) => [n, name, "gap"])), button(say("seeAll"), () => turnTo("gaps"), "more"));
  }
  if (data.bridges.length) {
    const list = make("ul", undefined, "first");
    data.bridges.slice(0, 5).forEach(([i, rank]) => { const li = make("li"); li.append(make("span", String(rank), "rank"), go(i)); list.append(li); });
    parts.push(make("h3", say("bridges")), list, button(say("seeAll"), () => turnTo("bridges"), "more"));
  }
  const villages = Object.values(data.villageReach);
  if (villages.length) parts.push(make("h3", say("households")), figures(["one", "several", "none"].map((key, n) => [villages.reduce((sum, row) => sum + row[n], 0), say(key)])));
  return [make("p", say("noChoice")), ...(data.rollUp ? [make("p", say("rollUp"))] : []), ...parts, make("p", say("keys"), "about keys")];
};
const turnTo = (key) => { tab = key; fillPanel(); byId("content").scrollTop = 0; };
const describe = () => {
  if (!chosen) return welcome();
  const i = chosen.node, kind = KINDS[kindOf[i]], parts = [make("h2", nameOf(i))];
  const where = cellOf[i] < nVillages && kindOf[i] !== K.Village ? nameOf(cellOf[i]) : "";
  const township = data.groups[groupOf[cellOf[i]]].name[lang];
  parts.push(make("p", [tell(kind.name), tell(data.notes[noteOf[i]]), data.offices[i], data.names[i] && ids[i], where, township].filter(Boolean).join(" · "), "about"));
  parts.push(...verdict(i));
  if (bridgeOf.has(i)) {
    const { rank, reason } = bridgeOf.get(i), box = make("div", undefined, "verdict"), line = make("p");
    line.append(make("strong", say("rank", rank))); box.append(line, make("p", tell(reason))); parts.push(box);
    const lost = data.losses[i] || [];
    parts.push(...chips(say("deputies"), data.deputies[i] || []));
    if (data.cuts.includes(i) && !data.losses[i]) parts.push(make("p", data.lossesLeftOut ? say("fallsOffLeftOut") : say("fallsOffNotNumbered", data.numbered), "about"));
    KINDS.forEach((k, n) => parts.push(...chips(`${say("fallsOff")} · ${tell(k.name)}`, lost.filter((j) => kindOf[j] === n))));
  }
  for (const extra of data.extras) if (extra.marks[i]) parts.push(make("p", `${tell(extra.title)}${colon()}${tell(extra.marks[i])}`));
  if (data.promises[i]) {
    const list = make("ul", undefined, "about");
    data.promises[i].forEach((text) => list.append(make("li", tell(text))));
    parts.push(make("h3", say("promised")), list);
  }
  if (chosen.reach) {
    const { direct, within } = chosen.reach, row = [[direct.size, say("direct"), "direct"], [within.size, say("within", data.steps)]];
    parts.push(figures(row));
    parts.push(...chips(say("directList"), [...direct].sort((p, q) => p - q), "direct"));
    parts.push(...chips(say("withinList"), [...within].filter((h) => !direct.has(h)).sort((p, q) => p - q), "within"));
  }
  if (kindOf[i] === K.Village) {
    const row = data.villageReach[i];
    if (row) parts.push(figures([[row[0], say("one")], [row[1], say("several")], [row[2], say("none")]]));
    if (data.rollUp) parts.push(button(say(opened[i] ? "close" : "open"), () => (opened[i] ? closeCell(i) : openCell(i, true), fillPanel()), "more"));
  }
  for (const t of TIES) {
    const heading = tell(t.heading);
    if (t !== helps || kindOf[i] !== K.Member) parts.push(...chips(heading, [...new Set(t.out(i))]));
    parts.push(...chips(heading, [...new Set(t.back(i))]));
  }
  parts.push(button(say("clear"), clear, "more"));
  return parts;
};
const table = (caption, headings, rows) => {
  const t = make("table"), head = make("thead"), line = make("tr"), body = make("tbody");
  t.append(make("caption", caption), head, body);
  head.append(line);
  headings.forEach(([text, classes]) => { const th = make("th", text, classes); th.scope = "col"; line.append(th); });
  let next = 0;
  const add = () => {
    rows.slice(next, next + 100).forEach((cells) => { const tr = make("tr"); cells.forEach(([content, classes]) => { const td = make("td", typeof content === "object" ? undefined : content, classes); if (typeof content === "object") td.append(...content); tr.append(td); }); body.append(tr); });
    next += 100;
    if (next < rows.length) more.textContent = say("more", (rows.length - next).toLocaleString()); else more.remove();
  };
  const more = button("", add, "more"), wrapper = make("div");
  wrapper.append(t, more);
  add();
  return wrapper;
};
let gapKind = -1;
const listGaps = () => {
  const all = [];
  for (let i = 0; i < total; i++) if (isGap(i)) all.push(i);
  const counts = KINDS.map((_, k) => all.filter((i) => kindOf[i] === k).length);
  const filter = make("div", undefined, "filter");
  const add = (k, text) => { const b = button(text, () => { gapKind = k; fillPanel(); }); b.setAttribute("aria-pressed", String(gapKind === k)); filter.append(b); };
  add(-1, `${say("all")} ${all.length.toLocaleString()}`);
  KINDS.forEach((kind, k) => counts[k] && add(k, `${tell(kind.name)} ${counts[k].toLocaleString()}`));
  const list = all.filter((i) => gapKind < 0 || kindOf[i] === gapKind);
  const rows = list.flatMap((i) => openLines(i).map((line) => [[[go(i), make("span", `${tell(line.rule)}${colon()}${tell(line.reason)}`, "why")]], [tell(line.word)]]));
  return [filter, table(say("gapCaption", list.length.toLocaleString(), rows.length.toLocaleString()), [[say("subject")], [say("verdict")]], rows), ...caveats("coverage")];
};
const caveats = (name) => {  // what the answer says must be known before a number is quoted
  const known = data.caveats[name] || [];
  if (!known.length) return [];
  const box = make("details", undefined, "caveats"), list = make("ul");
  known.forEach((pair) => list.append(make("li", tell(pair))));
  box.append(make("summary", say("caveats")), list);
  return [box];
};
const listBridges = () => {
  const rows = data.bridges.map(([i, rank, ...reason]) => [[String(rank), "number"], [[go(i), make("span", tell(reason), "why")]]]);
  return [...(data.curves.length ? [make("p", say("curvesMean"), "about")] : []), table(say("bridgeCaption"), [[say("rankHead"), "number"], [say("person")]], rows), ...caveats("bridges")];
};
const listVillages = () => {
  const homes = new Int32Array(nCells);
  for (let i = starts[K.Household]; i < starts[K.Household + 1]; i++) homes[cellOf[i]]++;
  const order = Array.from({ length: nVillages }, (_, v) => v).sort((p, q) => gapsIn[q] - gapsIn[p] || p - q);
  const rows = order.map((v) => [[[go(v)]], [homes[v].toLocaleString(), "number"], [gapsIn[v].toLocaleString(), "number"], [data.villageReach[v] ? data.villageReach[v][2].toLocaleString() : "–", "number"]]);
  return [table(say("villageCaption"), [[say("village")], [say("households"), "number"], [say("gapCount"), "number"], [say("unreached"), "number"]], rows), ...caveats("reach")];
};
const TABS = { chosen: describe, ...(data.verdicts ? { gaps: listGaps } : {}), ...(data.bridges.length ? { bridges: listBridges } : {}), villages: listVillages };
let tab = "chosen";
const fillPanel = () => {
  const keys = Object.keys(TABS);
  byId("tabs").replaceChildren(...keys.map((key) => {
    const b = button(say(key), () => { turnTo(key); byId(`tab-${key}`).focus(); });
    b.id = `tab-${key}`; b.setAttribute("role", "tab"); b.setAttribute("aria-selected", String(tab === key)); b.setAttribute("aria-controls", "content"); b.tabIndex = tab === key ? 0 : -1;
    b.onkeydown = (event) => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (step) byId(`tab-${keys[(keys.indexOf(tab) + step + keys.length) % keys.length]}`).click(); };
    return b;
  }));
  byId("content").setAttribute("aria-labelledby", `tab-${tab}`);
  byId("content").replaceChildren(...TABS[tab]());
};
