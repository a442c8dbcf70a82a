// Choosing: by a click, a tap, the search, the lists or a link; what is chosen, and what it reaches.
let chosen = null;  // {node, lit: Map(node -> strength), lines: [[from, to, strong]], reach}
const isDim = () => chosen !== null && kindOf[chosen.node] !== K.Village;
const choose = (i, move, smoothly = true) => {
  const lit = new Map(), lines = [];
  let found = null;
  for (const t of TIES) {
    for (const other of t.out(i)) { lit.set(other, 0); lines.push([i, other, 0]); }
    for (const other of t.back(i)) { lit.set(other, 0); lines.push([other, i, 0]); }
  }
  if (kindOf[i] === K.Member) {
    found = reach(i);
    for (const [from, to] of found.via) {
      if (kindOf[to] === K.Member && !lit.has(to) && helps.out(to).length) lit.set(to, 0);
      if (kindOf[to] === K.Household) lines.unshift([from, to, 1]);
    }
    found.within.forEach((h) => lit.set(h, 1));
    found.direct.forEach((h) => { lit.set(h, 2); lines.push([i, h, 2]); });
  }
  lit.delete(i);
  chosen = { node: i, lit, lines, reach: found };
  tellChosen();
  document.body.dataset.chosen = "yes";
  byId("hint").hidden = true;
  fold("");
  if (move) show(i, smoothly);
  turnTo("chosen");
  network.redraw();
};
const tellChosen = () => {
  const { node, reach: found } = chosen;
  byId("status").textContent = found ? say("lit", label(node), found.direct.size, data.steps, found.within.size) : label(node);
};
const clear = () => {
  chosen = null;
  delete document.body.dataset.chosen;
  byId("status").textContent = "";
  fillPanel();
  network.redraw();
};
const show = (i, smoothly = true) => {
  const c = cellOf[i];
  if (kindOf[i] === K.Village) { openCell(c, smoothly); return; }
  if (small.has(kindOf[i]) && !opened[c]) { opened[c] = 1; fill(); }
  const seen = [i, ...(chosen && chosen.reach ? chosen.reach.within : [])];
  moveTo(boundsOf(seen.map((n) => ({ x: X[n], y: Y[n], r: 0 }))), 1.5, smoothly);
};
const openCell = (c, smoothly = true) => {
  if (!opened[c]) { opened[c] = 1; fill(); }
  moveTo(boundsOf([circleOf(c)]), 2.2, smoothly);
};
const closeCell = (c) => { opened[c] = 0; fill(); whole(); };

const hit = (x, y, reachable) => {
  const view = screenView(null), slack = reachable / view.scale;
  let best = -1, least = 1e9;
  for (let i = 0; i < total; i++) {
    if (!visible(i) && !(chosen && chosen.lit.has(i))) continue;
    const at = isNumbered.has(i) ? placeOf(view, i) : { x: X[i], y: Y[i], r: sizeOf(i) };
    const distance = Math.hypot(at.x - x, at.y - y) - at.r;
    if (distance < least) { least = distance; best = i; }
  }
  if (least <= slack) return best;
  for (let v = 0; v < nVillages; v++) { const c = circleOf(v); if (Math.hypot(c.x - x, c.y - y) < c.r) return v; }
  return -1;
};
network.on("click", (event) => {
  const source = event.event && event.event.srcEvent, touch = source && (source.pointerType === "touch" || source.type.startsWith("touch"));
  const i = hit(event.pointer.canvas.x, event.pointer.canvas.y, touch ? 12 : 5);
  if (i < 0) clear(); else choose(i, kindOf[i] === K.Village && !opened[cellOf[i]]);
});
network.on("zoom", () => { seesWhole = false; });
network.on("dragEnd", () => { seesWhole = false; });
byId("canvas").addEventListener("keydown", (event) => {
  const at = network.getViewPosition(), step = 80 / network.getScale();
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  const zooms = { "+": 1.3, "=": 1.3, "-": 1 / 1.3 };
  if (moves[event.key]) { seesWhole = false; network.moveTo({ position: { x: at.x + moves[event.key][0], y: at.y + moves[event.key][1] }, animation: false }); }
  else if (zooms[event.key]) zoom(zooms[event.key]);
  else if (event.key === "0") whole();
  else return;
  event.preventDefault();
});
byId("nearer").onclick = () => zoom(1.4);
byId("farther").onclick = () => zoom(1 / 1.4);
byId("whole").onclick = whole;
