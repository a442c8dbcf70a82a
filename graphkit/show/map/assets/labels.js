// Labels: of constant size, none over another, none longer than its place: what does not fit is cut by its measured width.
const widths = new Map();
const measure = (ctx, text) => {
  const key = `${ctx.font}|${text}`;
  if (!widths.has(key)) { if (widths.size > 20000) widths.clear(); widths.set(key, ctx.measureText(text).width); }
  return widths.get(key);
};
const cut = (ctx, text, place) => {
  if (measure(ctx, text) <= place) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length - 1];
  while (low < high) { const middle = Math.ceil((low + high) / 2); if (measure(ctx, `${letters.slice(0, middle).join("")}…`) <= place) low = middle; else high = middle - 1; }
  return low ? `${letters.slice(0, low).join("")}…` : "";
};
let written = [];  // labels of the last picture: text, and their boxes in pixels
const overlaps = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
const writer = (view, taken) => (ctx, text, x, y, { size, weight = 400, colour, place, force = false }) => {  // whether it could be written
  let [px, py] = toPixels(view, x, y);
  if (px < 0 || px > view.width || py < 0 || py > view.height) return false;
  ctx.font = `${weight} ${size * view.text}px ${FAMILY}`;
  const line = cut(ctx, text, Math.min(place, view.width - 8));
  if (!line) return false;
  const half = measure(ctx, line) / 2 + 2, tall = 0.62 * size * view.text;
  px = Math.min(Math.max(px, half), view.width - half); py = Math.min(Math.max(py, tall), view.height - tall);
  const box = [px - half, py - tall, px + half, py + tall];
  if (!force && taken.some((other) => overlaps(box, other))) return false;
  taken.push(box);
  written.push({ text: line, whole: text, box });
  ctx.lineWidth = 3.5 * view.text; ctx.strokeStyle = "rgba(255,255,255,.92)"; ctx.lineJoin = "round"; ctx.strokeText(line, px, py);
  ctx.fillStyle = colour; ctx.fillText(line, px, py);
  return true;
};
const bySize = Array.from({ length: nVillages }, (_, v) => v).sort((p, q) => circles[3 * q + 2] - circles[3 * p + 2] || p - q);

const drawLabels = (view) => inPixels(view, (ctx) => {
  const dim = isDim() && !view.paper;
  const taken = view.paper ? [] : obstacles().map(({ left, top, right, bottom }) => [left, top, right, bottom]);
  if (!dim) for (const { x, y, r } of placeFigures(view).values()) taken.push([x - r, y - r, x + r, y + r]);
  written = [];
  ctx.textAlign = "center"; ctx.textBaseline = "middle";
  const put = writer(view, taken);
  if (dim) labelChosen(ctx, view, put);
  labelPlaces(ctx, view, put, dim ? view.ink.faint : view.ink.text);
  if (!dim) labelThings(ctx, view, put);
});
const under = (view, i, size) => { const at = placeOf(view, i); return at.y + Math.max(at.r, 6 / view.scale) + (size * 0.62 + 5) / view.scale; };
const labelChosen = (ctx, view, put) => {
  const { node, lit } = chosen, at = (i) => placeOf(view, i).x;
  put(ctx, label(node), at(node), under(view, node, 14), { size: 14, weight: 600, colour: "#111", place: 320, force: true });
  for (const [i, strength] of lit) if (strength === 0 && i !== node && (kindOf[i] !== K.Member || view.scale > 0.8)) put(ctx, nameOf(i), at(i), under(view, i, 12), { size: 12, weight: 500, colour: "#222", place: 150 });
  if (view.scale > 0.9) for (const [i, strength] of lit) if (strength === 2) put(ctx, ids[i], at(i), under(view, i, 11), { size: 11, colour: DIRECT, place: 110 });
};
const labelPlaces = (ctx, view, put, colour) => {
  const { scale } = view, last = data.groups.length - 1;
  data.groups.forEach((g, n) => {
    if (!g.r || scale >= 1.6 || (n !== last && g.r * scale <= 22 * view.text)) return;
    const how = { size: 13, weight: 600, colour, place: Math.max((n === last ? 140 : 84) * view.text, 1.6 * g.r * scale) };
    [-1, 1].some((side) => put(ctx, g.name[lang], g.x, g.y + side * (g.r + 9 - 4 / scale), how));  // above; below where something stands there
  });
  for (const v of bySize) {
    const { x, y, r } = circleOf(v), wide = r * scale > 90;
    if (r * scale <= 13 * view.text) break;
    const how = { size: wide ? 14 : 11.5, weight: wide ? 600 : 400, colour, place: Math.max(52 * view.text, 2 * r * scale) };
    [1, -1].some((side) => put(ctx, short(v), x, y + side * (r - 1 / scale), how));
  }
};
const labelThings = (ctx, view, put) => {
  const { scale, left, top } = view, right = left + view.width / scale, bottom = top + view.height / scale;
  const inside = (i) => visible(i) && X[i] > left && X[i] < right && Y[i] > top && Y[i] < bottom;
  for (let i = starts[K.Cooperative]; i < starts[K.Branch + 1]; i++) if (scale * grown[cellOf[i]] > 0.9 && inside(i)) put(ctx, nameOf(i), X[i], under(view, i, 11.5), { size: 11.5, colour: view.ink.text, place: 110 * view.text });
  if (scale > 1.5) for (let i = starts[K.Member]; i < total; i++) if (inside(i)) put(ctx, label(i), placeOf(view, i).x, under(view, i, 10.5), { size: 10.5, colour: view.ink.soft, place: 96 });
};
