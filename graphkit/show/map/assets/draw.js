// Drawing: the ground of townships and villages, shapes, and the light on what is chosen. A view is a canvas, and which part of the map it shows.
const SCREEN = { township: "#eceff1", village: "#fff", edge: "#c8d0d6", seat: "#dde2e6", gap: GAP, ring: 2.5, curve: "#005d44", text: "#39444c", soft: "#5c6870", faint: "#8d979e" };
const FAMILY = getComputedStyle(document.body).fontFamily;
const screenView = (ctx) => {
  const corner = network.DOMtoCanvas({ x: 0, y: 0 }), frame = network.canvas.frame;
  return { ctx, ink: SCREEN, scale: network.getScale(), left: corner.x, top: corner.y, width: frame.clientWidth, height: frame.clientHeight, dots: network.canvas.pixelRatio || 1, text: 1 };
};
const toPixels = (view, x, y) => [(x - view.left) * view.scale, (y - view.top) * view.scale];
const inPixels = (view, draw) => {  // draw in pixels of the canvas, whatever the scale of the map
  view.ctx.save();
  view.ctx.setTransform(view.dots, 0, 0, view.dots, 0, 0);
  draw(view.ctx);
  view.ctx.restore();
};

const circle = (ctx, x, y, r) => { ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); };
const polygon = (ctx, x, y, r, n, turn) => {
  ctx.beginPath();
  for (let k = 0; k < n; k++) ctx.lineTo(x + r * Math.cos(turn + 2 * Math.PI * k / n), y + r * Math.sin(turn + 2 * Math.PI * k / n));
  ctx.closePath();
};
const path = {
  dot: (ctx, x, y, r) => circle(ctx, x, y, r),
  square: (ctx, x, y, r) => { ctx.beginPath(); ctx.rect(x - r, y - r, 2 * r, 2 * r); },
  diamond: (ctx, x, y, r) => polygon(ctx, x, y, r, 4, 0),
  hexagon: (ctx, x, y, r) => polygon(ctx, x, y, r, 6, 0),
  triangle: (ctx, x, y, r) => polygon(ctx, x, y + 0.2 * r, 1.15 * r, 3, -Math.PI / 2),
  triangleDown: (ctx, x, y, r) => polygon(ctx, x, y - 0.2 * r, 1.15 * r, 3, Math.PI / 2),
};
const paint = (ctx, shape, x, y, size, fillStyle, strokeStyle, width, dashes) => {
  path[shape](ctx, x, y, size);
  ctx.fillStyle = fillStyle; ctx.fill();
  ctx.lineWidth = width; ctx.strokeStyle = strokeStyle; ctx.setLineDash(dashes || []); ctx.stroke(); ctx.setLineDash([]);
};

const drawGround = ({ ctx, ink, scale }) => {
  for (const g of data.groups) if (g.r) { circle(ctx, g.x, g.y, g.r + 9); ctx.fillStyle = ink.township; ctx.fill(); }
  for (let c = 0; c < nCells; c++) {
    const { x, y, r } = circleOf(c), village = c < nVillages;
    if (!r) continue;
    circle(ctx, x, y, r);
    ctx.fillStyle = ink.village; ctx.fill();
    ctx.lineWidth = 1; ctx.strokeStyle = village ? ink.edge : ink.seat; ctx.setLineDash(village ? [] : [4, 4]); ctx.stroke(); ctx.setLineDash([]);
    if (!gapsIn[c]) continue;
    ctx.beginPath(); ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * gapsIn[c] / thingsIn[c]);
    ctx.lineWidth = Math.max(ink.ring, 0.8 * ink.ring / scale); ctx.strokeStyle = ink.gap; ctx.globalAlpha = 0.75; ctx.stroke(); ctx.globalAlpha = 1;
  }
};

const DIRECT = "#a3126f", WITHIN = "#dfa0c8";
const veil = (ctx) => {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = "rgba(248, 249, 249, 0.78)";
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
};
const ringVillage = ({ ctx, scale }, c) => {
  const { x, y, r } = circleOf(c);
  circle(ctx, x, y, r + 4 / scale);
  ctx.lineWidth = 2.5 / scale; ctx.strokeStyle = "#111"; ctx.stroke();
};
const placeOf = (view, i) => {  // where a node stands in this view, in units of the map: a numbered figure may have moved aside
  const spot = isNumbered.has(i) && visible(i) && placeFigures(view).get(i);
  return spot ? { x: view.left + spot.x / view.scale, y: view.top + spot.y / view.scale, r: spot.r / view.scale } : { x: X[i], y: Y[i], r: sizeOf(i) };
};
const drawLight = (view) => {
  const { ctx, scale } = view, least = 3.2 / scale;
  veil(ctx);
  for (const [from, to, strong] of chosen.lines) {
    const a = placeOf(view, from), b = placeOf(view, to);
    ctx.beginPath(); ctx.moveTo(a.x, a.y); ctx.lineTo(b.x, b.y);
    ctx.strokeStyle = strong === 2 ? DIRECT : strong === 1 ? WITHIN : "#7d8b95";
    ctx.lineWidth = (strong === 2 ? 1.5 : 1) / scale; ctx.globalAlpha = strong === 2 ? 0.9 : 0.6; ctx.stroke(); ctx.globalAlpha = 1;
  }
  for (const want of [1, 0, 2]) for (const [i, strength] of chosen.lit) {
    if (strength !== want) continue;
    const at = placeOf(view, i), kind = KINDS[kindOf[i]], gap = isGap(i), larger = strength === 2 ? 1.35 : 1;
    const colour = strength === 2 ? DIRECT : strength === 1 ? WITHIN : kind.colour;
    paint(ctx, kind.shape, at.x, at.y, larger * Math.max(at.r, least), colour, gap ? GAP : "#fff", (gap ? 1.3 : 0.8) / Math.max(scale, 0.8));
  }
  const at = placeOf(view, chosen.node), kind = KINDS[kindOf[chosen.node]], size = Math.max(at.r, 6 / scale);
  paint(ctx, kind.shape, at.x, at.y, size, kind.colour, "#111", 2 / scale);
  circle(ctx, at.x, at.y, size + 5 / scale);
  ctx.lineWidth = 2 / scale; ctx.strokeStyle = "#111"; ctx.stroke();
};

network.on("beforeDrawing", (ctx) => { const view = screenView(ctx); drawGround(view); drawCurves(view); });
network.on("afterDrawing", (ctx) => {
  const view = screenView(ctx);
  drawFigures(view, numbered);
  if (isDim()) { drawLight(view); drawFigures(view, numbered.filter((i) => i === chosen.node || chosen.lit.has(i))); }
  else if (chosen) ringVillage(view, cellOf[chosen.node]);
  drawLabels(view);
});
