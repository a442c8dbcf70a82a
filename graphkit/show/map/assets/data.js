// Data: what the block in the page holds, unpacked into arrays by node.
const bytesOf = (text) => {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
};
const readData = async () => {
  const held = JSON.parse(byId("data").textContent);
  if (!held.deflated) return held;
  if (!window.DecompressionStream) return null;
  const stream = new Blob([bytesOf(held.deflated)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
};
const data = await readData();
if (!data) { byId("hint").textContent = say("tooOld"); byId("hint").className = "trouble"; return; }

const unpack = (text) => {
  const bytes = bytesOf(text.slice(1));
  return text[0] === "h" ? new Int16Array(bytes.buffer) : new Int32Array(bytes.buffer);
};
const unpackSteps = (text) => {  // each number is the step from the one before it
  const numbers = Int32Array.from(unpack(text));
  for (let i = 1; i < numbers.length; i++) numbers[i] += numbers[i - 1];
  return numbers;
};
const KINDS = data.kinds;
const starts = data.starts;
const total = starts[KINDS.length];
const cellOf = unpack(data.cell), circles = unpack(data.circles), groupOf = unpack(data.groupOf);
const nCells = circles.length / 3;
const fromMiddle = (text, side) => Int32Array.from(unpack(text), (offset, i) => circles[3 * cellOf[i] + side] + offset);
const atX = fromMiddle(data.x, 0), atY = fromMiddle(data.y, 1);
const circleOf = (c) => ({ x: circles[3 * c], y: circles[3 * c + 1], r: circles[3 * c + 2] });
const kindOf = new Uint8Array(total);
KINDS.forEach((_, k) => kindOf.fill(k, starts[k], starts[k + 1]));
const K = Object.fromEntries(KINDS.map((kind, k) => [kind.label, k]));
const nVillages = starts[K.Village + 1];
const ids = data.ids;
const nameOf = (i) => data.names[i] || ids[i];
const short = (i) => nameOf(i).replace(/(.)(村民委员会|居民委员会|村委会|居委会)$/, (_, last) => (/[村区]/.test(last) ? last : `${last}村`));  // on the map, 新荣村村委会 is 新荣村
const label = (i) => data.names[i] || (data.offices[i] ? `${ids[i]} ${data.offices[i]}` : ids[i]);
const verdictOf = (i) => (data.verdicts ? data.verdictWords[data.verdicts.charCodeAt(i) - 48] || "" : "");
const isGap = (i) => verdictOf(i) === "open";
const lineStart = data.lineStart ? unpackSteps(data.lineStart) : null, lineOf = data.lineOf ? unpack(data.lineOf) : null;
const linesOf = (i) => {  // what each rule comes to for this node, the worst first; none where no rule asks anything
  if (!lineStart) return [];
  return Array.from(lineOf.slice(lineStart[i], lineStart[i + 1]), (n) => data.lines[n]).map(([outcome, ...texts]) => ({
    outcome, rule: texts.slice(0, 2), word: texts.slice(2, 4), flags: texts.slice(4, 6), reason: texts.slice(6, 8), remedy: texts.slice(8, 10),
  }));
};
const openLines = (i) => linesOf(i).filter((line) => line.outcome === "open");
const noteOf = unpack(data.noteOf);
const bridgeOf = new Map(data.bridges.map((row) => [row[0], { rank: row[1], reason: row.slice(2) }]));
const numbered = data.bridges.slice(0, data.numbered).map((row) => row[0]);  // bridge figures that carry their rank
const isNumbered = new Set(numbered);

const gapsIn = new Int32Array(nCells), thingsIn = new Int32Array(nCells);
for (let i = 0; i < total; i++) { thingsIn[cellOf[i]]++; if (isGap(i)) gapsIn[cellOf[i]]++; }
