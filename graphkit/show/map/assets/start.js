// Start: the language, links such as map.html#Member=ID, and a way in for other programs.
const speak = (tag) => {
  document.documentElement.lang = tag;
  lang = tag === "en" ? 1 : 0;
  document.title = tell(data.title);
  document.querySelectorAll(".languages button").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.lang === tag)));
  input.placeholder = say("find"); input.setAttribute("aria-label", say("find"));
  for (const [id, key] of Object.entries({ nearer: "nearer", farther: "farther", whole: "whole", canvas: "canvas", legend: "legend", panel: "panel", tabs: "panel", zoom: "whole", folds: "folds", drop: "clear" })) byId(id).setAttribute("aria-label", say(key));
  for (const id of ["nearer", "farther", "whole", "drop"]) byId(id).title = say(id === "drop" ? "clear" : id);
  for (const [part, key] of Object.entries(FOLDS)) byId(`fold-${part}`).textContent = say(key);
  byId("details").textContent = say("panel");
  byId("hint").textContent = data.rollUp ? say("rollUp") : "";
  fillLegend();
  fillPanel();
  if (chosen) tellChosen(); else if (seesWhole) whole();
  network.redraw();
};
document.querySelectorAll(".languages button").forEach((b) => { b.onclick = () => speak(b.dataset.lang); });

const lookUp = (kind, id) => { const k = K[kind]; for (let i = starts[k]; i < starts[k + 1]; i++) if (ids[i] === id) return i; return -1; };
const follow = () => {
  const [kind, id] = location.hash.slice(1).split("=");
  if (id === undefined || !(kind in K)) return;
  let key = id;
  try { key = decodeURIComponent(id); } catch { return; }
  const i = lookUp(kind, key);
  if (i >= 0) choose(i, true, false);
};
const onWindow = (x, y) => { const p = network.canvasToDOM({ x, y }), box = byId("canvas").getBoundingClientRect(); return { x: box.left + p.x, y: box.top + p.y }; };
const idsOf = (list) => [...list].map((i) => ids[i]).sort();
fold("");
fill();
speak(document.documentElement.lang);
whole();
byId("hint").hidden = !data.rollUp;
addEventListener("resize", () => { fillLegend(); refit(); });
addEventListener("hashchange", follow);
window.graphkit = Object.freeze({
  select: (kind, id) => { const i = lookUp(kind, id); if (i >= 0) choose(i, true); return i >= 0; },
  clear,
  selection: () => chosen && { kind: KINDS[kindOf[chosen.node]].label, id: ids[chosen.node], direct: chosen.reach ? idsOf(chosen.reach.direct) : [], within: chosen.reach ? idsOf(chosen.reach.within) : [] },
  position: (kind, id) => { const i = lookUp(kind, id), at = placeOf(screenView(null), i); return onWindow(at.x, at.y); },
  drawn: () => nodes.length + numbered.filter(visible).length,
  picture: () => ({
    labels: written.map(({ text, whole: entire, box }) => ({ text, whole: entire, box })),
    figures: [...placeFigures(screenView(null)).values()].map(({ i, x, y, r }) => ({ id: ids[i], rank: bridgeOf.get(i).rank, x, y, r })),
    curves: drawnCurves().map(([figure, target]) => [ids[figure], ids[target]]),
    free: room(),
  }),
});
follow();
