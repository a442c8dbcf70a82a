// What is drawn: which nodes, how large and where, handed to vis-network. Numbered bridge figures are drawn in figures.js.
const shown = KINDS.map(() => true);
const opened = new Uint8Array(nCells).fill(data.rollUp ? 0 : 1);
const small = new Set([K.Member, K.Household]);
const visible = (i) => shown[kindOf[i]] && (!small.has(kindOf[i]) || opened[cellOf[i]] || isNumbered.has(i));
const grown = new Float32Array(nCells).fill(1);  // a closed village shows its few bodies larger, spread over its circle
const sizeOf = (i) => (visible(i) ? grown[cellOf[i]] : 1) * KINDS[kindOf[i]].size;
const X = Float32Array.from(atX), Y = Float32Array.from(atY);
const arrange = () => {
  const reachOfCell = new Float32Array(nCells);
  for (let i = 0; i < total; i++) if (visible(i)) {
    const c = cellOf[i];
    reachOfCell[c] = Math.max(reachOfCell[c], Math.hypot(atX[i] - circles[3 * c], atY[i] - circles[3 * c + 1]) + 12);
  }
  for (let c = 0; c < nCells; c++) grown[c] = opened[c] ? 1 : Math.min(3.2, Math.max(1, 0.86 * circles[3 * c + 2] / (reachOfCell[c] || 1)));
  for (let i = 0; i < total; i++) {
    const c = cellOf[i], x = circles[3 * c], y = circles[3 * c + 1], factor = visible(i) ? grown[c] : 1;
    X[i] = x + factor * (atX[i] - x); Y[i] = y + factor * (atY[i] - y);
  }
};
const GAP = "#b3141f", UNSURE = "#b07d00";
const DASHES = { unknown: [2, 1.2] };
const nodeFor = (i) => {
  const kind = KINDS[kindOf[i]], verdict = verdictOf(i);
  const border = verdict === "open" ? GAP : verdict === "unknown" ? UNSURE : kind.edge;
  const width = verdict === "open" ? 2.4 : verdict === "unknown" ? 1.6 : 0.6;
  return {
    id: i, x: X[i], y: Y[i], shape: kind.shape, size: sizeOf(i), borderWidth: width, borderWidthSelected: width,
    color: { background: kind.colour, border }, ...(DASHES[verdict] ? { shapeProperties: { borderDashes: DASHES[verdict] } } : {}),
  };
};
const nodes = new vis.DataSet(), edges = new vis.DataSet();
const network = new vis.Network(byId("canvas"), { nodes, edges }, {
  physics: false, layout: { improvedLayout: false },
  interaction: { dragNodes: false, selectable: false, hover: false, zoomSpeed: 0.6, hideEdgesOnDrag: true, keyboard: false },
  edges: { smooth: false, color: { color: "#9fb0bd", opacity: 0.42 }, width: 0.8, chosen: false }, nodes: { chosen: false },
});
let version = 0;  // of what is drawn: places of bridge figures are found again when it changes
const fill = () => {
  arrange();
  version++;
  const list = [];
  for (let i = 0; i < total; i++) if (visible(i) && !isNumbered.has(i)) list.push(nodeFor(i));
  list.sort((a, b) => a.size - b.size);
  nodes.clear();
  nodes.add(list);
  edges.clear();
  edges.add(bodyTies().map(([from, to]) => ({ from, to })));
};
const bodyTies = () => {
  const lines = [];
  for (const t of TIES) if (t.body) for (let n = 0; n < t.source.length; n++) if (visible(t.source[n]) && visible(t.target[n])) lines.push([t.source[n], t.target[n]]);
  return lines;
};
