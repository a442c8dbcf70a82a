// The view: which part of the canvas is free of legend, buttons and lists, and how the map is moved into it.
const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 350, easingFunction: "easeInOutQuad" };
const OVER = ["legend", "zoom", "hint", "card", "panel"];  // what may lie over the canvas
const obstacles = () => {
  const stage = byId("canvas").getBoundingClientRect(), found = [];
  for (const id of OVER) {
    const box = byId(id).getBoundingClientRect();
    if (!box.width || box.right <= stage.left || box.left >= stage.right || box.bottom <= stage.top || box.top >= stage.bottom) continue;
    if (id === "panel" && !byId(id).offsetParent) continue;
    found.push({ left: box.left - stage.left, top: box.top - stage.top, right: box.right - stage.left, bottom: box.bottom - stage.top });
  }
  return found;
};
const room = () => {  // the largest part of the canvas that nothing lies over, in pixels
  const frame = network.canvas.frame, area = (r) => Math.max(r.right - r.left, 0) * Math.max(r.bottom - r.top, 0);
  let free = { left: 0, top: 0, right: frame.clientWidth, bottom: frame.clientHeight };
  for (const o of obstacles()) {
    if (o.left >= free.right || o.right <= free.left || o.top >= free.bottom || o.bottom <= free.top) continue;
    const cuts = [{ ...free, right: o.left }, { ...free, left: o.right }, { ...free, bottom: o.top }, { ...free, top: o.bottom }];
    free = cuts.reduce((best, next) => (area(next) > area(best) ? next : best));
  }
  return free;
};
const moveTo = (box, most, move) => {  // show this part of the map in the free part of the canvas, no larger than `most`
  const free = room(), frame = network.canvas.frame, width = free.right - free.left, height = free.bottom - free.top;
  const sides = Math.min(70, 0.14 * width), ends = Math.min(50, 0.14 * height);
  const scale = Math.min(most, (width - 2 * sides) / Math.max(box.right - box.left, 1), (height - 2 * ends) / Math.max(box.bottom - box.top, 1));
  const aside = { x: (free.left + free.right - frame.clientWidth) / 2, y: (free.top + free.bottom - frame.clientHeight) / 2 };
  seesWhole = false;
  network.moveTo({ position: { x: (box.left + box.right) / 2 - aside.x / scale, y: (box.top + box.bottom) / 2 - aside.y / scale }, scale, animation: move && animation });
};

const boundsOf = (circlesToHold) => {
  const box = { left: 1e9, top: 1e9, right: -1e9, bottom: -1e9 };
  for (const { x, y, r } of circlesToHold) { box.left = Math.min(box.left, x - r); box.right = Math.max(box.right, x + r); box.top = Math.min(box.top, y - r); box.bottom = Math.max(box.bottom, y + r); }
  return box;
};
const townships = data.groups.filter((g) => g.r).map(({ x, y, r }) => ({ x, y, r: r + 9 }));
const TITLE_ROOM = 24;  // pixels above the highest township, for its name
const PLACES = [0.5, 0.75, 0.25, 1, 0];
let seesWhole = true;
const touches = ({ x, y, r }, o) => Math.hypot(x - Math.min(Math.max(x, o.left), o.right), y - Math.min(Math.max(y, o.top), o.bottom)) < r;
const fitAround = (box, width, height, blocks) => {  // the largest scale at which no township lies under a block, and where the map's corner then stands
  const wide = Math.max(box.right - box.left, 1), tall = Math.max(box.bottom - box.top, 1);
  const full = Math.max(Math.min((width - 16) / wide, (height - 12 - TITLE_ROOM) / tall), 1e-4);
  for (let scale = full; scale > 0.3 * full; scale *= 0.96) for (const across of PLACES) for (const down of PLACES) {
    const left = 8 + across * (width - 16 - scale * wide), top = TITLE_ROOM + down * (height - 12 - TITLE_ROOM - scale * tall);
    const free = townships.every((g) => { const at = { x: left + (g.x - box.left) * scale, y: top + (g.y - box.top) * scale, r: g.r * scale }; return !blocks.some((o) => touches(at, o)); });
    if (free) return { scale, left, top };
  }
  return { scale: full, left: (width - full * wide) / 2, top: TITLE_ROOM };
};
const whole = () => {
  if (!townships.length) return;
  const frame = network.canvas.frame, box = boundsOf(townships);
  const { scale, left, top } = fitAround(box, frame.clientWidth, frame.clientHeight, obstacles());
  network.moveTo({ position: { x: box.left + (frame.clientWidth / 2 - left) / scale, y: box.top + (frame.clientHeight / 2 - top) / scale }, scale, animation: false });
  seesWhole = true;
};
const zoom = (factor) => { seesWhole = false; network.moveTo({ scale: network.getScale() * factor, animation: false }); };
const refit = () => { if (chosen) show(chosen.node, false); else if (seesWhole) whole(); };
