// Print: the sheet is drawn and filled when the browser is about to print; what does not fit one page is counted, not cut off in silence.
const PAPER = {
  township: "#f2f2f2", village: "#fff", edge: "#999", seat: "#999", gap: "#000", ring: 2, curve: "#000", curveDashes: [7, 3], text: "#000", soft: "#000",
  figure: "#fff", figureEdge: "#000", figureText: "#000",
};
const GREYS = { Village: "#999", Cooperative: "#d4d4d4", Branch: "#333", Member: "#777", Household: "#ccc" };
const SHEET = { width: 138, height: 132, page: 250, dots: 3.2 };  // millimetres as in print.css; dots of the picture to a pixel
const PER_MM = 96 / 25.4;

const paintPaper = (ctx, kind, verdict, x, y, size) => {  // open: a second contour; unknown: a dotted one
  if (verdict === "open" || verdict === "unknown") paint(ctx, kind.shape, x, y, 1.75 * size, "#fff", "#000", verdict === "open" ? 1.3 : 0.8, verdict === "open" ? [] : [1.2, 1.2]);
  paint(ctx, kind.shape, x, y, size, GREYS[kind.label] || "#eee", "#000", 0.4, []);
};
const paperView = (ctx, width, height) => {
  const box = boundsOf(townships), { scale, left, top } = fitAround(box, width, height, []);
  return { ctx, ink: PAPER, scale, left: box.left - left / scale, top: box.top - top / scale, width, height, dots: SHEET.dots, text: 0.72, paper: true };
};
const drawSheet = () => {
  const canvas = make("canvas", undefined, "map"), width = SHEET.width * PER_MM, height = SHEET.height * PER_MM;
  canvas.width = SHEET.dots * width; canvas.height = SHEET.dots * height;
  if (!townships.length) return canvas;
  const ctx = canvas.getContext("2d"), view = paperView(ctx, width, height), zoomed = view.dots * view.scale;
  ctx.setTransform(zoomed, 0, 0, zoomed, -zoomed * view.left, -zoomed * view.top);
  drawGround(view);
  drawBodyTies(view);
  drawCurves(view);
  inPixels(view, () => { for (let i = total - 1; i >= 0; i--) if (visible(i) && !isNumbered.has(i)) paintPaper(ctx, KINDS[kindOf[i]], verdictOf(i), ...toPixels(view, X[i], Y[i]), Math.max(view.scale * sizeOf(i), 1.5)); });
  drawFigures(view, numbered);
  drawLabels(view);
  return canvas;
};
const drawBodyTies = (view) => inPixels(view, (ctx) => {
  ctx.strokeStyle = "#aaa"; ctx.lineWidth = 0.35;
  for (const [from, to] of bodyTies()) { ctx.beginPath(); ctx.moveTo(...toPixels(view, X[from], Y[from])); ctx.lineTo(...toPixels(view, X[to], Y[to])); ctx.stroke(); }
});

const sheetMarks = () => {
  const box = make("div", undefined, "marks"), body = KINDS[K.Cooperative], drawn = new Set();
  for (let i = 0; i < total; i++) if (visible(i)) drawn.add(kindOf[i]);
  const add = (canvas, text) => { const row = make("div", undefined, "mark"); row.append(canvas, make("span", text)); box.append(row); };
  KINDS.forEach((kind, k) => { if (drawn.has(k)) add(sample((ctx) => paintPaper(ctx, kind, "", 9, 9, 6)), tell(kind.name)); });
  if (data.verdicts) {
    for (const verdict of ["open", "unknown"]) add(sample((ctx) => paintPaper(ctx, body, verdict, 9, 9, 4)), tell(data.verdictNames[verdict]));
    add(ringSample(PAPER), say("paperRing"));
  }
  if (numbered.length) add(figureSample(PAPER), say("ranked"));
  if (data.curves.length) add(curveSample(PAPER), curvesSay());
  if (data.rollUp) box.append(make("p", say("closedOnPaper")));
  return box;
};
const dueBodies = () => {  // a line a kind, rule and reason, with the names of all bodies of which it is said
  const lines = new Map();
  for (let i = 0; i < starts[K.Member]; i++) for (const { rule, word, reason } of openLines(i)) {
    const key = [kindOf[i], ...rule, ...reason].join();
    if (!lines.has(key)) lines.set(key, { head: `${tell(KINDS[kindOf[i]].name)} · ${tell(word)}`, why: tell(reason), names: [] });
    lines.get(key).names.push(nameOf(i));
  }
  return [...lines.values()].map(({ head, why, names }) => [head, `${why}${colon()}${names.join(comma())}`]);
};
const othersDue = () => {
  const counts = [K.Member, K.Household].map((k) => { let n = 0; for (let i = starts[k]; i < starts[k + 1]; i++) n += isGap(i); return [n, tell(KINDS[k].name)]; });
  const some = counts.filter(([n]) => n).map(([n, name]) => `${name} ${n.toLocaleString()}`);
  return some.length ? say("alsoDue", some.join(comma())) : "";
};
const column = (heading, rows, { note = "", more = 0 }) => {
  const box = make("div"), lines = rows.map(([head, text]) => { const line = make("p"); line.append(make("strong", head), document.createTextNode(` ${text}`)); return line; });
  const rest = make("p");
  box.append(make("h2", heading), ...(rows.length ? lines : [make("p", say("noneDue"))]), rest, ...(note ? [make("p", note)] : []));
  let left = more;
  if (left) rest.textContent = say("cutShort", left.toLocaleString());
  return { box, shorten: () => { const line = lines.pop(); if (!line) return false; line.remove(); rest.textContent = say("cutShort", (++left).toLocaleString()); return true; } };
};
const fillSheet = () => {
  const sheet = byId("print"), picture = make("div", undefined, "picture"), lists = make("div", undefined, "lists"), columns = [], heading = byId("heading").cloneNode(true);
  const first = data.bridges.slice(0, 12);
  heading.removeAttribute("id");
  if (data.verdicts) columns.push(column(say("duePrinted"), dueBodies(), { note: othersDue() }));
  if (data.bridges.length) columns.push(column(say("firstBridges"), first.map(([i, rank, ...reason]) => [`${rank}. ${label(i)}`, tell(reason)]), { more: data.bridges.length - first.length }));
  lists.append(...columns.map(({ box }) => box));
  picture.append(drawSheet(), sheetMarks());
  sheet.replaceChildren(heading, picture, lists);
  sheet.className = "filled";
  while (sheet.offsetHeight > SHEET.page * PER_MM) {  // the longer list gives way, a line at a time
    const longest = [...columns].sort((a, b) => b.box.lastElementChild.offsetTop - a.box.lastElementChild.offsetTop)[0];
    if (!longest || !longest.shorten()) break;
  }
};
addEventListener("beforeprint", fillSheet);
addEventListener("afterprint", () => { byId("print").replaceChildren(); byId("print").className = ""; });
