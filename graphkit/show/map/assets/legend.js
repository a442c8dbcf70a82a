// Legend: the kinds, each of which can be hidden, and what the marks mean. Drawn with the very shapes of the map.
const sample = (draw) => {
  const canvas = make("canvas"), ratio = 2;
  canvas.width = canvas.height = 18 * ratio;
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  draw(ctx);
  return canvas;
};
const swatch = (kind, size, border, width, dashes) => sample((ctx) => paint(ctx, kind.shape, 9, 9, size, kind.colour, border, width, dashes));
const ringSample = (ink) => sample((ctx) => {
  circle(ctx, 9, 9, 7); ctx.lineWidth = 1; ctx.strokeStyle = ink.edge; ctx.stroke();
  ctx.beginPath(); ctx.arc(9, 9, 7, -Math.PI / 2, Math.PI / 6); ctx.lineWidth = 2.5; ctx.strokeStyle = ink.gap; ctx.stroke();
});
const curveSample = (ink) => sample((ctx) => {
  ctx.beginPath(); ctx.moveTo(1, 14); ctx.quadraticCurveTo(8, 0, 17, 8); ctx.lineWidth = 1.6; ctx.strokeStyle = ink.curve; ctx.setLineDash(ink.curveDashes || []); ctx.stroke();
});
const figureSample = (ink) => sample((ctx) => markFigure(ctx, { x: 9, y: 9, r: 8 }, numbered[0], ink));
const curvesSay = () => (data.curves.length < data.curvesInAll ? say("someCurves", data.curves.length, data.curvesInAll) : say("curves", data.curvesInAll));
const marksOf = () => {  // sample and words of every mark that can be met on this map
  const marks = [], home = KINDS[K.Household];
  if (data.verdicts) marks.push(
    [swatch(home, 6, GAP, 2.4), tell(data.verdictNames.open)], [swatch(home, 6, UNSURE, 1.6, DASHES.unknown), tell(data.verdictNames.unknown)],
    [ringSample(SCREEN), say("ring")],
  );
  if (numbered.length) marks.push([figureSample(SCREEN), say("ranked")]);
  if (data.curves.length) marks.push([curveSample(SCREEN), curvesSay()]);
  marks.push([swatch({ ...home, colour: DIRECT }, 6, "#fff", 0.5), say("direct")], [swatch({ ...home, colour: WITHIN }, 6, "#fff", 0.5), say("within", data.steps)]);
  return marks;
};
const fillLegend = () => {
  const kinds = make("fieldset"), marks = make("div", undefined, "marks"), before = byId("legend").firstChild, box = before || make("details");
  if (!before) { box.open = innerWidth > 1100 || narrow.matches; box.ontoggle = () => { refit(); network.redraw(); }; }
  if (narrow.matches) box.open = true;
  kinds.setAttribute("aria-label", say("kinds"));
  KINDS.forEach((kind, k) => {
    const row = make("label"), tick = make("input");
    tick.type = "checkbox"; tick.checked = shown[k]; tick.onchange = () => { shown[k] = tick.checked; fill(); network.redraw(); };
    row.append(tick, swatch(kind, 6, kind.edge, 1), make("span", tell(kind.name)), make("output", (starts[k + 1] - starts[k]).toLocaleString()));
    kinds.append(row);
  });
  for (const [canvas, text] of marksOf()) { const row = make("div", undefined, "mark"); row.append(canvas, make("span", text)); marks.append(row); }
  box.replaceChildren(make("summary", say("legend")), kinds, marks);
  byId("legend").replaceChildren(box);
};
