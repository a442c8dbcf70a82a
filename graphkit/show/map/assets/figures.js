// Bridge figures: a marker with the rank in it, the first largest, and curves to the bodies and villages elsewhere that they hold together.
const lastRank = Math.max(2, ...numbered.map((i) => bridgeOf.get(i).rank));
const radiusOf = (view, i) => {  // in pixels; from near, still larger than the people around
  const share = (bridgeOf.get(i).rank - 1) / (lastRank - 1);
  return (13.5 - 5.5 * share) * view.text * (view.width < 600 ? 0.8 : 1) * Math.max(1, view.scale / 1.1);
};
let placed = { key: "" };
const placeFigures = (view) => {  // node → pixels and radius; markers that would cover each other stand aside
  const key = [version, view.scale, view.left, view.top, view.width, view.text].join();
  if (placed.key === key) return placed.spots;
  const spots = numbered.filter(visible).map((i) => { const [x, y] = toPixels(view, X[i], Y[i]); return { i, x, y, r: radiusOf(view, i) }; });
  for (let round = 0; round < 40 && standAside(spots); round++);
  placed = { key, spots: new Map(spots.map((spot) => [spot.i, spot])) };
  return placed.spots;
};
const standAside = (spots) => {
  let moved = false;
  for (let m = 0; m < spots.length; m++) for (let n = m + 1; n < spots.length; n++) {
    const a = spots[m], b = spots[n], dx = b.x - a.x || 0.01 * (n - m), dy = b.y - a.y, distance = Math.hypot(dx, dy), need = a.r + b.r + 1 - distance;
    if (need <= 0.1) continue;
    const x = 0.5 * need * dx / distance, y = 0.5 * need * dy / distance;
    a.x -= x; a.y -= y; b.x += x; b.y += y;
    moved = true;
  }
  return moved;
};

const endOfCurve = (view, i) => {  // a body that is not shown is stood for by its village's circle
  if (isNumbered.has(i) || visible(i)) { const at = placeOf(view, i); return toPixels(view, at.x, at.y); }
  const { x, y } = circleOf(cellOf[i]);
  return toPixels(view, x, y);
};
const drawnCurves = () => data.curves.filter(([figure]) => visible(figure));
const drawCurves = (view) => inPixels(view, (ctx) => {
  ctx.strokeStyle = view.ink.curve; ctx.lineWidth = 1.5 * view.text; ctx.globalAlpha = view.scale > 0.8 ? 0.3 : 0.62; ctx.setLineDash(view.ink.curveDashes || []);
  for (const [figure, target] of drawnCurves()) {
    const [ax, ay] = endOfCurve(view, figure), [bx, by] = endOfCurve(view, target);
    ctx.beginPath(); ctx.moveTo(ax, ay);
    ctx.quadraticCurveTo((ax + bx) / 2 - 0.18 * (by - ay), (ay + by) / 2 + 0.18 * (bx - ax), bx, by);
    ctx.stroke();
  }
  ctx.setLineDash([]); ctx.globalAlpha = 1;
});

const drawFigures = (view, list) => inPixels(view, (ctx) => {
  const spots = placeFigures(view);
  for (const i of [...list].reverse()) {  // the first on top
    const spot = spots.get(i);
    if (!spot) continue;
    markFigure(ctx, spot, i, view.ink);
  }
});
const markFigure = (ctx, { x, y, r }, i, ink) => {
  const gap = isGap(i), rank = String(bridgeOf.get(i).rank), kind = KINDS[kindOf[i]];
  paint(ctx, kind.shape, x, y, r, ink.figure || kind.colour, gap ? ink.gap : ink.figureEdge || "#fff", gap ? 2.4 : 1.4);
  ctx.font = `700 ${Math.min(1.15 * r, 2.6 * r / Math.max(rank.length, 2))}px ${FAMILY}`;
  ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.fillStyle = ink.figureText || "#fff";
  ctx.fillText(rank, x, y + 0.06 * r);
};
