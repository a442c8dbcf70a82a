"use strict";
// The map: everything comes from the data block; texts reach the page as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  // ---- words ---------------------------------------------------------------------------------
  const WORDS = {
    find: ["搜索名称或编号", "search by name or id"],
    nothing: ["没有相符的", "nothing matches"],
    kinds: ["显示", "show"],
    marks: ["标记", "marks"],
    chosen: ["概览与所选", "Chosen"],
    gaps: ["空白点", "Gaps"],
    bridges: ["桥梁人物", "Bridges"],
    villages: ["各村", "Villages"],
    direct: ["直接结对", "paired directly"],
    within: [`${data.steps} 步以内`, `within ${data.steps} steps`],
    ranked: ["桥梁人物（越大越靠前）", "bridge figure (larger: higher rank)"],
    ring: ["村界红弧：村内待补的占比", "red arc: share of the village in a gap"],
    noChoice: ["点选地图上的人员、农户、组织或村，此处列出其情况。", "Choose a person, household, body or village on the map; it is described here."],
    rollUp: ["点村展开其人员和农户。", "Click a village to open its people and households."],
    keys: ["键盘：方向键移动，+ − 缩放，0 全图，Esc 取消。", "Keys: arrows move, + − zoom, 0 the whole, Esc clears."],
    remedy: ["办法", "remedy"],
    rank: ["桥梁人物第 {0} 位", "bridge figure, rank {0}"],
    rankHead: ["位次", "rank"],
    person: ["人员", "person"],
    why: ["理由", "why"],
    promised: ["承诺", "promised"],
    directList: ["直接结对的农户", "households paired directly"],
    withinList: ["经同事再走一步及以上到达的农户", "more households, reached through colleagues"],
    more: ["其余 {0} 个", "{0} more"],
    subject: ["对象", "subject"],
    verdict: ["结论", "verdict"],
    all: ["全部", "all"],
    gapCaption: ["按规则应覆盖而未覆盖的：{0} 个", "due by the rule, or blank: {0}"],
    bridgeCaption: ["连接不同村社的人，按位次", "people who span groups, by rank"],
    villageCaption: ["各村户数、待补数和无人结对的户数，待补多的在前", "households, gaps and households reached by nobody; most gaps first"],
    village: ["村", "village"],
    households: ["农户", "households"],
    gapCount: ["待补", "gaps"],
    unreached: ["无人结对", "reached by none"],
    one: ["一人结对", "by one"],
    several: ["多人结对", "by several"],
    none: ["无人结对", "by none"],
    close: ["收起此村", "close this village"],
    open: ["展开此村", "open this village"],
    nearer: ["放大", "zoom in"],
    farther: ["缩小", "zoom out"],
    whole: ["看全图", "see the whole"],
    canvas: ["地图。右侧列表给出同样的内容。", "Map. The lists beside it say the same."],
    legend: ["图例", "legend"],
    panel: ["详情", "details"],
    unsure: ["（资料不全，结论可能改变）", " (data incomplete: the verdict may change)"],
    seeAll: ["看全部", "see all"],
    clear: ["取消选择", "clear"],
    lit: ["{0}：直接结对 {1} 户，{2} 步以内 {3} 户", "{0}: {1} households paired directly, {3} within {2} steps"],
  };
  let lang = document.documentElement.lang === "en" ? 1 : 0;
  const say = (key, ...values) => WORDS[key][lang].replace(/\{(\d)\}/g, (_, i) => values[i]);
  const tell = (pair) => (pair ? pair[lang] : "");

  // ---- data ----------------------------------------------------------------------------------
  const unpack = (text) => {
    const bytes = Uint8Array.from(atob(text.slice(1)), (c) => c.charCodeAt(0));
    return text[0] === "h" ? new Int16Array(bytes.buffer) : new Int32Array(bytes.buffer);
  };
  const KINDS = data.kinds;
  const starts = data.starts;
  const total = starts[KINDS.length];
  const atX = unpack(data.x), atY = unpack(data.y), cellOf = unpack(data.cell), circles = unpack(data.circles), groupOf = unpack(data.groupOf);
  const nCells = circles.length / 3;
  const kindOf = new Uint8Array(total);
  KINDS.forEach((_, k) => kindOf.fill(k, starts[k], starts[k + 1]));
  const K = Object.fromEntries(KINDS.map((kind, k) => [kind.label, k]));
  const nVillages = starts[K.Village + 1];
  const ids = data.ids;
  const nameOf = (i) => data.names[i] || ids[i];
  const short = (i) => nameOf(i).replace(/(.)(村民委员会|居民委员会|村委会|居委会)$/, (_, last) => (/[村区]/.test(last) ? last : `${last}村`));  // on the map, 新荣村村委会 is 新荣村
  const label = (i) => data.names[i] || (data.offices[i] ? `${ids[i]} ${data.offices[i]}` : ids[i]);
  const verdictOf = (i) => (data.verdicts ? data.verdictWords[data.verdicts.charCodeAt(i) - 48] || "" : "");
  const isGap = (i) => { const v = verdictOf(i); return v === "due" || v === "blank"; };
  const reasonOf = data.reasonOf ? unpack(data.reasonOf) : null;
  const noteOf = unpack(data.noteOf);
  const rankOf = new Map(data.bridges.map((row, n) => [row[0], n]));

  const neighbours = (source, target) => {
    const offsets = new Int32Array(total + 1), list = new Int32Array(source.length);
    for (const s of source) offsets[s + 1]++;
    for (let i = 0; i < total; i++) offsets[i + 1] += offsets[i];
    const next = offsets.slice(0, total);
    for (let t = 0; t < source.length; t++) list[next[source[t]]++] = target[t];
    return (i) => list.subarray(offsets[i], offsets[i + 1]);
  };
  const TIES = data.ties.map((tie) => {
    const source = unpack(tie.source), target = unpack(tie.target);
    return { ...tie, source, target, out: neighbours(source, target), back: neighbours(target, source) };
  });
  const tie = Object.fromEntries(TIES.map((t) => [t.name, t]));
  const helps = tie["Member HELPS Household"], mentors = tie["Member MENTORS Member"];
  const shared = [tie["Member BELONGS_TO Branch"], tie["Member WORKS_IN Cooperative"]];

  // ---- reach: the same definition as find_pairing_reach ----------------------------------------
  const colleagues = (i) => {
    const found = new Set([...mentors.out(i), ...mentors.back(i)]);
    for (const t of shared) for (const body of t.out(i)) {
      const people = new Set(t.back(body));
      if (people.size <= data.maxBody) people.forEach((p) => found.add(p));
    }
    return found;
  };
  const reach = (member) => {
    const direct = new Set(helps.out(member)), within = new Set(direct), via = [];
    let ring = [member];
    const people = new Set(ring);
    for (let step = 1; step < data.steps; step++) {
      const next = [];
      for (const p of ring) for (const c of colleagues(p)) if (!people.has(c)) {
        people.add(c); next.push(c); via.push([p, c]);
        for (const h of helps.out(c)) { within.add(h); via.push([c, h]); }
      }
      ring = next;
    }
    return { direct, within, via };
  };

  // ---- what is drawn -----------------------------------------------------------------------------
  const shown = KINDS.map(() => true);
  const opened = new Uint8Array(nCells).fill(data.rollUp ? 0 : 1);
  const small = new Set([K.Member, K.Household]);
  const first = (i) => rankOf.has(i) && rankOf.get(i) < data.sized;
  const visible = (i) => shown[kindOf[i]] && (!small.has(kindOf[i]) || opened[cellOf[i]] || first(i));
  const grown = new Float32Array(nCells).fill(1);  // a closed village shows its few bodies larger, spread over its circle
  const sizeOf = (i) => (visible(i) ? grown[cellOf[i]] : 1) * (first(i) ? 7 + 6 * (1 - rankOf.get(i) / data.sized) : KINDS[kindOf[i]].size);
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
  const GAP = "#b3141f", WATCH = "#b07d00";
  const nodeFor = (i) => {
    const kind = KINDS[kindOf[i]], verdict = verdictOf(i);
    const border = verdict === "due" || verdict === "blank" ? GAP : verdict === "watch" ? WATCH : kind.edge;
    const width = verdict === "due" ? 2.4 : verdict === "blank" ? 1.6 : verdict === "watch" ? 1.6 : 0.6;
    const background = verdict === "blank" ? "#fff" : kind.colour;  // due: a red ring; blank: empty
    return {
      id: i, x: X[i], y: Y[i], shape: kind.shape, size: sizeOf(i), borderWidth: width, borderWidthSelected: width,
      color: { background, border },
    };
  };
  const nodes = new vis.DataSet(), edges = new vis.DataSet();
  const network = new vis.Network(byId("canvas"), { nodes, edges }, {
    physics: false, layout: { improvedLayout: false },
    interaction: { dragNodes: false, selectable: false, hover: false, zoomSpeed: 0.6, hideEdgesOnDrag: true, keyboard: false },
    edges: { smooth: false, color: { color: "#9fb0bd", opacity: 0.42 }, width: 0.8, chosen: false }, nodes: { chosen: false },
  });
  const fill = () => {
    arrange();
    const list = [];
    for (let i = 0; i < total; i++) if (visible(i)) list.push(nodeFor(i));
    list.sort((a, b) => a.size - b.size);
    nodes.clear();
    nodes.add(list);
    const lines = [];
    for (const t of TIES) if (t.body) for (let n = 0; n < t.source.length; n++) {
      const from = t.source[n], to = t.target[n];
      if (visible(from) && visible(to)) lines.push({ from, to });
    }
    edges.clear();
    edges.add(lines);
  };

  // ---- the ground: townships, villages, and the share of each village that is a gap -----------------
  const gapsIn = new Int32Array(nCells), thingsIn = new Int32Array(nCells), unsureIn = new Int32Array(nCells);
  for (let i = 0; i < total; i++) { thingsIn[cellOf[i]]++; if (isGap(i)) gapsIn[cellOf[i]]++; }
  const circle = (ctx, x, y, r) => { ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); };
  network.on("beforeDrawing", (ctx) => {
    const scale = network.getScale();
    for (const g of data.groups) {
      if (!g.r) continue;
      circle(ctx, g.x, g.y, g.r + 9);
      ctx.fillStyle = "#eceff1"; ctx.fill();
    }
    for (let c = 0; c < nCells; c++) {
      const [x, y, r] = [circles[3 * c], circles[3 * c + 1], circles[3 * c + 2]];
      if (!r) continue;
      circle(ctx, x, y, r);
      ctx.fillStyle = "#fff"; ctx.fill();
      ctx.lineWidth = 1; ctx.strokeStyle = c < nVillages ? "#c8d0d6" : "#dde2e6"; ctx.setLineDash(c < nVillages ? [] : [4, 4]); ctx.stroke(); ctx.setLineDash([]);
      if (gapsIn[c]) {
        ctx.beginPath(); ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * gapsIn[c] / thingsIn[c]);
        ctx.lineWidth = Math.max(2.5, 2 / scale); ctx.strokeStyle = GAP; ctx.globalAlpha = 0.75; ctx.stroke(); ctx.globalAlpha = 1;
      }
    }
  });

  // ---- the light: what is chosen, and what it reaches ----------------------------------------------
  let chosen = null;  // {node, lit: Map(node -> strength), lines: [[from, to, strong]], reach}
  const DIRECT = "#a3126f", WITHIN = "#dfa0c8";
  const path = {
    dot: (ctx, x, y, r) => circle(ctx, x, y, r),
    square: (ctx, x, y, r) => { ctx.beginPath(); ctx.rect(x - r, y - r, 2 * r, 2 * r); },
    diamond: (ctx, x, y, r) => polygon(ctx, x, y, r, 4, 0),
    hexagon: (ctx, x, y, r) => polygon(ctx, x, y, r, 6, 0),
    triangle: (ctx, x, y, r) => polygon(ctx, x, y + 0.2 * r, 1.15 * r, 3, -Math.PI / 2),
  };
  const polygon = (ctx, x, y, r, n, turn) => {
    ctx.beginPath();
    for (let k = 0; k < n; k++) ctx.lineTo(x + r * Math.cos(turn + 2 * Math.PI * k / n), y + r * Math.sin(turn + 2 * Math.PI * k / n));
    ctx.closePath();
  };
  const paint = (ctx, i, size, fillStyle, strokeStyle, width) => {
    path[KINDS[kindOf[i]].shape](ctx, X[i], Y[i], size);
    ctx.fillStyle = fillStyle; ctx.fill();
    ctx.lineWidth = width; ctx.strokeStyle = strokeStyle; ctx.stroke();
  };
  network.on("afterDrawing", (ctx) => {
    if (chosen) drawLight(ctx, kindOf[chosen.node] !== K.Village);
    drawLabels(ctx);
  });
  const veil = (ctx) => {
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "rgba(248, 249, 249, 0.78)";
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.restore();
  };
  const drawLight = (ctx, dim) => {
    const scale = network.getScale(), least = 3.2 / scale;
    if (dim) veil(ctx);
    else {
      const c = cellOf[chosen.node];
      circle(ctx, circles[3 * c], circles[3 * c + 1], circles[3 * c + 2] + 4 / scale);
      ctx.lineWidth = 2.5 / scale; ctx.strokeStyle = "#111"; ctx.stroke();
      return;
    }
    for (const [from, to, strong] of chosen.lines) {
      ctx.beginPath(); ctx.moveTo(X[from], Y[from]); ctx.lineTo(X[to], Y[to]);
      ctx.strokeStyle = strong === 2 ? DIRECT : strong === 1 ? WITHIN : "#7d8b95";
      ctx.lineWidth = (strong === 2 ? 1.5 : 1) / scale; ctx.globalAlpha = strong === 2 ? 0.9 : 0.6; ctx.stroke(); ctx.globalAlpha = 1;
    }
    for (const want of [1, 0, 2]) for (const [i, strength] of chosen.lit) {
      if (strength !== want) continue;
      const colour = strength === 2 ? DIRECT : strength === 1 ? WITHIN : KINDS[kindOf[i]].colour;
      const gap = isGap(i);
      paint(ctx, i, Math.max(sizeOf(i) * (strength === 2 ? 1.35 : 1), least * (strength === 2 ? 1.35 : 1)), colour, gap ? GAP : "#fff", (gap ? 1.3 : 0.8) / Math.max(scale, 0.8));
    }
    const i = chosen.node;
    paint(ctx, i, Math.max(sizeOf(i), 6 / scale), KINDS[kindOf[i]].colour, "#111", 2 / scale);
    circle(ctx, X[i], Y[i], Math.max(sizeOf(i), 6 / scale) + 5 / scale);
    ctx.lineWidth = 2 / scale; ctx.strokeStyle = "#111"; ctx.stroke();
  };

  // ---- labels: of constant size, and none over another ------------------------------------------------
  const FAMILY = getComputedStyle(document.body).fontFamily;
  const drawLabels = (ctx) => {
    const scale = network.getScale(), taken = [];
    const frame = network.canvas.frame, a = network.DOMtoCanvas({ x: 0, y: 0 }), b = network.DOMtoCanvas({ x: frame.clientWidth, y: frame.clientHeight });
    const put = (text, x, y, size, weight, colour, force) => {
      if (x < a.x || x > b.x || y < a.y || y > b.y) return;
      ctx.font = `${weight} ${size / scale}px ${FAMILY}`;
      const w = ctx.measureText(text).width / 2 + 2 / scale, h = 0.62 * size / scale;
      const box = [x - w, y - h, x + w, y + h];
      if (!force && taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) return;
      taken.push(box);
      ctx.lineWidth = 3.5 / scale; ctx.strokeStyle = "rgba(255,255,255,.92)"; ctx.lineJoin = "round"; ctx.strokeText(text, x, y);
      ctx.fillStyle = colour; ctx.fillText(text, x, y);
    };
    ctx.textAlign = "center"; ctx.textBaseline = "middle";
    const under = (i, size) => Y[i] + Math.max(sizeOf(i), 6 / scale) + (size * 0.62 + 5) / scale;
    const dim = chosen && kindOf[chosen.node] !== K.Village, faint = dim ? "#8d979e" : null;
    if (dim) put(label(chosen.node), X[chosen.node], under(chosen.node, 14), 14, 600, "#111", true);
    if (dim) for (const [i, strength] of chosen.lit) if (strength === 0 && i !== chosen.node && (kindOf[i] !== K.Member || scale > 0.8)) put(nameOf(i), X[i], under(i, 12), 12, 500, "#222");
    if (dim && scale > 0.9) for (const [i, strength] of chosen.lit) if (strength === 2) put(ids[i], X[i], under(i, 11), 11, 400, DIRECT);
    for (const [n, g] of data.groups.entries()) if (g.r && (g.r * scale > 22 || n === data.groups.length - 1) && scale < 1.6) put(g.name[lang], g.x, g.y - g.r - 9 + 4 / scale, 13, 600, faint || "#39444c");
    for (let v = 0; v < nVillages; v++) if (circles[3 * v + 2] * scale > 13) {
      const wide = circles[3 * v + 2] * scale > 90;
      put(short(v), circles[3 * v], circles[3 * v + 1] + circles[3 * v + 2] - 1 / scale, wide ? 14 : 11.5, wide ? 600 : 400, faint || "#39444c");
    }
    if (dim && scale < 0.8) return;
    for (let n = 0; n < Math.min(data.sized, data.bridges.length); n++) {
      const i = data.bridges[n][0];
      if (visible(i) && sizeOf(i) * scale > 5) put(String(n + 1), X[i], Y[i], Math.min(11, sizeOf(i) * scale), 600, "#10231c", true);
    }
    if (!dim) for (let i = starts[K.Cooperative]; i < starts[K.Branch + 1]; i++) if (scale * grown[cellOf[i]] > 0.9 && visible(i)) put(nameOf(i), X[i], under(i, 11.5), 11.5, 400, faint || "#39444c");
    if (!dim && scale > 1.5) for (let i = starts[K.Member]; i < total; i++) if (visible(i) && X[i] > a.x && X[i] < b.x && Y[i] > a.y && Y[i] < b.y) put(label(i), X[i], under(i, 10.5), 10.5, 400, faint || "#5c6870");
  };

  // ---- choosing ------------------------------------------------------------------------------------------
  const choose = (i, move) => {
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
      byId("status").textContent = say("lit", label(i), found.direct.size, data.steps, found.within.size);
    } else byId("status").textContent = label(i);
    lit.delete(i);
    chosen = { node: i, lit, lines, reach: found };
    if (kindOf[i] === K.Village && move) openCell(cellOf[i], true); else if (move) show(i);
    tab = "chosen";
    byId("hint").hidden = true;
    fillPanel();
    network.redraw();
  };
  const clear = () => { chosen = null; fillPanel(); network.redraw(); };
  const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 350, easingFunction: "easeInOutQuad" };
  const show = (i) => {
    if (small.has(kindOf[i])) openCell(cellOf[i], false);
    const reached = chosen && chosen.reach ? [...chosen.reach.within] : [];
    if (reached.length) frameOn([i, ...reached]);
    else network.moveTo({ position: { x: X[i], y: Y[i] }, scale: Math.max(network.getScale(), 0.9), animation });
  };
  const frameOn = (list) => {
    const xs = list.map((i) => X[i]), ys = list.map((i) => Y[i]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const { scale, shift } = fitting(right - left, bottom - top, 150, 120);
    const used = Math.min(scale, 1.5);
    network.moveTo({ position: { x: (left + right) / 2 - shift / used / 2, y: (top + bottom) / 2 }, scale: used, animation });
  };
  const fitting = (width, height, sides, ends) => {  // scale that shows this much, and the room to leave for the legend where that costs little
    const frame = network.canvas.frame, legend = 0.5 * (byId("legend").offsetWidth + 14);  // half: it stands in a corner, and a district is round
    const fit = (room) => Math.min(Math.max(room - sides, 100) / Math.max(width, 1), Math.max(frame.clientHeight - ends, 100) / Math.max(height, 1));
    const shift = fit(frame.clientWidth - legend) > 0.75 * fit(frame.clientWidth) ? legend : 0;
    return { scale: fit(frame.clientWidth - shift), shift };
  };
  const openCell = (c, move) => {
    if (!opened[c]) { opened[c] = 1; fill(); }
    const frame = network.canvas.frame, r = circles[3 * c + 2];
    if (move) network.moveTo({ position: { x: circles[3 * c], y: circles[3 * c + 1] }, scale: Math.min(2.2, 0.42 * Math.min(frame.clientWidth, frame.clientHeight) / r), animation });
  };
  const closeCell = (c) => { opened[c] = 0; fill(); whole(); };
  const whole = () => {
    let [left, top, right, bottom] = [1e9, 1e9, -1e9, -1e9];
    for (const g of data.groups) if (g.r) { left = Math.min(left, g.x - g.r); right = Math.max(right, g.x + g.r); top = Math.min(top, g.y - g.r); bottom = Math.max(bottom, g.y + g.r); }
    if (left > right) return;
    const { scale, shift } = fitting(right - left, bottom - top, 24, 44);
    network.moveTo({ position: { x: (left + right - shift / scale) / 2, y: (top + bottom) / 2 }, scale, animation: false });
  };
  const hit = (x, y) => {
    let best = -1, least = 1e9;
    const slack = 5 / network.getScale();
    for (let i = 0; i < total; i++) {
      if (!visible(i) && !(chosen && chosen.lit.has(i))) continue;
      const distance = Math.hypot(X[i] - x, Y[i] - y) - sizeOf(i);
      if (distance < least) { least = distance; best = i; }
    }
    if (least <= slack) return best;
    for (let v = 0; v < nVillages; v++) if (Math.hypot(circles[3 * v] - x, circles[3 * v + 1] - y) < circles[3 * v + 2]) return v;
    return -1;
  };
  network.on("click", (event) => {
    const i = hit(event.pointer.canvas.x, event.pointer.canvas.y);
    if (i < 0) clear(); else choose(i, kindOf[i] === K.Village && !opened[cellOf[i]]);
  });
  byId("canvas").addEventListener("keydown", (event) => {
    const view = network.getViewPosition(), scale = network.getScale(), step = 80 / scale;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const zooms = { "+": 1.3, "=": 1.3, "-": 1 / 1.3 };
    if (moves[event.key]) network.moveTo({ position: { x: view.x + moves[event.key][0], y: view.y + moves[event.key][1] }, animation: false });
    else if (zooms[event.key]) zoom(zooms[event.key]);
    else if (event.key === "0") whole();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen && byId("found").hidden) clear(); });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: false });
  byId("nearer").onclick = () => zoom(1.4);
  byId("farther").onclick = () => zoom(1 / 1.4);
  byId("whole").onclick = whole;

  // ---- panel ---------------------------------------------------------------------------------------------
  const make = (tag, text, classes) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (classes) element.className = classes;
    return element;
  };
  const button = (text, act, classes) => { const b = make("button", text, classes); b.type = "button"; b.onclick = act; return b; };
  const go = (i, text) => button(text || label(i), () => choose(i, true));
  const FIRST = 60;
  const chips = (heading, list, classes) => {
    if (!list.length) return [];
    const title = make("h3", `${heading} `), ul = make("ul", undefined, `chips ${classes || ""}`);
    title.append(make("span", list.length.toLocaleString(), "count"));
    const add = (part) => part.forEach((i) => { const li = make("li"); li.append(go(i)); ul.append(li); });
    add(list.slice(0, FIRST));
    const rest = list.slice(FIRST);
    if (!rest.length) return [title, ul];
    const more = button(say("more", rest.length.toLocaleString()), () => { add(rest); more.remove(); }, "more");
    return [title, ul, more];
  };
  const figures = (pairs) => {
    const row = make("div", undefined, "figures");
    for (const [number, text, classes] of pairs) { const d = make("div", undefined, classes); d.append(make("b", number === null ? "–" : number.toLocaleString()), make("span", text)); row.append(d); }
    return row;
  };
  const verdict = (i) => {
    const word = verdictOf(i);
    if (!word) return [];
    const reason = data.reasons[reasonOf[i]], box = make("div", undefined, `verdict ${word}`), line = make("p");
    line.append(make("strong", tell(data.verdictNames[word])), document.createTextNode(data.unsure.includes(i) ? say("unsure") : ""));
    box.append(line);
    if (reason) box.append(make("p", tell(reason.slice(0, 2))));
    if (reason && word !== "covered" && tell(reason.slice(2, 4))) box.append(make("p", `${say("remedy")}${lang ? ": " : "："}${tell(reason.slice(2, 4))}`));
    return [box];
  };
  const welcome = () => {
    const parts = [];
    if (data.verdicts) {
      const counts = KINDS.map((kind, k) => { let n = 0; for (let i = starts[k]; i < starts[k + 1]; i++) n += isGap(i); return [n, tell(kind.name), "", k]; }).filter(([n]) => n);
      parts.push(make("h3", say("gaps")), figures(counts.map(([n, name]) => [n, name, "gap"])), button(say("seeAll"), () => turnTo("gaps"), "more"));
    }
    if (data.bridges.length) {
      const list = make("ol", undefined, "first");
      data.bridges.slice(0, 5).forEach((row) => { const li = make("li"); li.append(go(row[0])); list.append(li); });
      parts.push(make("h3", say("bridges")), list, button(say("seeAll"), () => turnTo("bridges"), "more"));
    }
    const villages = Object.values(data.villageReach);
    if (villages.length) parts.push(make("h3", say("households")), figures(["one", "several", "none"].map((key, n) => [villages.reduce((sum, row) => sum + row[n], 0), say(key)])));
    return [make("p", say("noChoice")), ...(data.rollUp ? [make("p", say("rollUp"))] : []), ...parts, make("p", say("keys"), "about keys")];
  };
  const turnTo = (key) => { tab = key; fillPanel(); byId("content").scrollTop = 0; };
  const describe = () => {
    if (!chosen) return welcome();
    const i = chosen.node, kind = KINDS[kindOf[i]], parts = [make("h2", nameOf(i))];
    const where = cellOf[i] < nVillages && kindOf[i] !== K.Village ? nameOf(cellOf[i]) : "";
    const township = data.groups[groupOf[cellOf[i]]].name[lang];
    parts.push(make("p", [tell(kind.name), tell(data.notes[noteOf[i]]), data.offices[i], data.names[i] && ids[i], where, township].filter(Boolean).join(" · "), "about"));
    parts.push(...verdict(i));
    if (rankOf.has(i)) { const box = make("div", undefined, "verdict"), line = make("p"); line.append(make("strong", say("rank", rankOf.get(i) + 1))); box.append(line, make("p", tell(data.bridges[rankOf.get(i)].slice(1)))); parts.push(box); }
    for (const extra of data.extras) if (extra.marks[i]) parts.push(make("p", `${tell(extra.title)}${lang ? ": " : "："}${tell(extra.marks[i])}`));
    if (chosen.reach) {
      const { direct, within } = chosen.reach, row = [[direct.size, say("direct"), "direct"], [within.size, say("within")]];
      if (data.promised[i] !== undefined) row.push([data.promised[i], say("promised")]);
      parts.push(figures(row));
      parts.push(...chips(say("directList"), [...direct].sort((p, q) => p - q), "direct"));
      parts.push(...chips(say("withinList"), [...within].filter((h) => !direct.has(h)).sort((p, q) => p - q), "within"));
    }
    if (kindOf[i] === K.Village) {
      const row = data.villageReach[i];
      if (row) parts.push(figures([[row[0], say("one")], [row[1], say("several")], [row[2], say("none")]]));
      if (data.rollUp) parts.push(button(say(opened[i] ? "close" : "open"), () => (opened[i] ? closeCell(i) : openCell(i, true), fillPanel()), "more"));
    }
    for (const t of TIES) {
      const heading = tell(t.heading);
      if (t !== helps || kindOf[i] !== K.Member) parts.push(...chips(heading, [...new Set(t.out(i))]));
      parts.push(...chips(heading, [...new Set(t.back(i))]));
    }
    parts.push(button(say("clear"), clear, "more"));
    return parts;
  };
  const table = (caption, headings, rows) => {
    const t = make("table"), head = make("thead"), line = make("tr"), body = make("tbody");
    t.append(make("caption", caption), head, body);
    head.append(line);
    headings.forEach(([text, classes]) => { const th = make("th", text, classes); th.scope = "col"; line.append(th); });
    let next = 0;
    const add = () => {
      rows.slice(next, next + 100).forEach((cells) => { const tr = make("tr"); cells.forEach(([content, classes]) => { const td = make("td", typeof content === "object" ? undefined : content, classes); if (typeof content === "object") td.append(...content); tr.append(td); }); body.append(tr); });
      next += 100;
      if (next < rows.length) more.textContent = say("more", (rows.length - next).toLocaleString()); else more.remove();
    };
    const more = button("", add, "more"), wrapper = make("div");
    wrapper.append(t, more);
    add();
    return wrapper;
  };
  let gapKind = -1;
  const ORDER = { due: 0, blank: 1 };
  const listGaps = () => {
    const all = [];
    for (let i = 0; i < total; i++) if (isGap(i)) all.push(i);
    const counts = KINDS.map((_, k) => all.filter((i) => kindOf[i] === k).length);
    const filter = make("div", undefined, "filter");
    const add = (k, text) => { const b = button(text, () => { gapKind = k; fillPanel(); }); b.setAttribute("aria-pressed", String(gapKind === k)); filter.append(b); };
    add(-1, `${say("all")} ${all.length.toLocaleString()}`);
    KINDS.forEach((kind, k) => counts[k] && add(k, `${tell(kind.name)} ${counts[k].toLocaleString()}`));
    const list = all.filter((i) => gapKind < 0 || kindOf[i] === gapKind).sort((p, q) => kindOf[p] - kindOf[q] || ORDER[verdictOf(p)] - ORDER[verdictOf(q)] || p - q);
    const rows = list.map((i) => { const reason = data.reasons[reasonOf[i]]; return [[[go(i), make("span", reason ? tell(reason.slice(0, 2)) : "", "why")]], [tell(data.verdictNames[verdictOf(i)])]]; });
    return [filter, table(say("gapCaption", list.length.toLocaleString()), [[say("subject")], [say("verdict")]], rows)];
  };
  const listBridges = () => [table(say("bridgeCaption"), [[say("rankHead"), "number"], [say("person")]], data.bridges.map((row, n) => [[String(n + 1), "number"], [[go(row[0]), make("span", tell(row.slice(1)), "why")]]]))];
  const listVillages = () => {
    const homes = new Int32Array(nCells);
    for (let i = starts[K.Household]; i < total; i++) homes[cellOf[i]]++;
    const order = Array.from({ length: nVillages }, (_, v) => v).sort((p, q) => gapsIn[q] - gapsIn[p] || p - q);
    const rows = order.map((v) => [[[go(v)]], [homes[v].toLocaleString(), "number"], [gapsIn[v].toLocaleString(), "number"], [data.villageReach[v] ? data.villageReach[v][2].toLocaleString() : "–", "number"]]);
    return [table(say("villageCaption"), [[say("village")], [say("households"), "number"], [say("gapCount"), "number"], [say("unreached"), "number"]], rows)];
  };
  const TABS = { chosen: describe, ...(data.verdicts ? { gaps: listGaps } : {}), ...(data.bridges.length ? { bridges: listBridges } : {}), villages: listVillages };
  let tab = "chosen";
  const fillPanel = () => {
    const keys = Object.keys(TABS);
    byId("tabs").replaceChildren(...keys.map((key) => {
      const b = button(say(key), () => { turnTo(key); byId(`tab-${key}`).focus(); });
      b.id = `tab-${key}`; b.setAttribute("role", "tab"); b.setAttribute("aria-selected", String(tab === key)); b.setAttribute("aria-controls", "content"); b.tabIndex = tab === key ? 0 : -1;
      b.onkeydown = (event) => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (step) byId(`tab-${keys[(keys.indexOf(tab) + step + keys.length) % keys.length]}`).click(); };
      return b;
    }));
    byId("content").setAttribute("aria-labelledby", `tab-${tab}`);
    byId("content").replaceChildren(...TABS[tab]());
  };

  // ---- legend ----------------------------------------------------------------------------------------------
  const sample = (draw) => {
    const canvas = make("canvas"), ratio = 2;
    canvas.width = canvas.height = 18 * ratio;
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    draw(ctx);
    return canvas;
  };
  const swatch = (kind, size, border, width) => sample((ctx) => {
    path[kind.shape](ctx, 9, 9, size); ctx.fillStyle = kind.colour; ctx.fill(); ctx.lineWidth = width; ctx.strokeStyle = border; ctx.stroke();
  });
  const fillLegend = () => {
    const kinds = make("fieldset"), marks = make("div", undefined, "marks"), whole = byId("legend").firstChild || make("details");
    if (!whole.parentNode) whole.open = true;
    kinds.setAttribute("aria-label", say("kinds"));
    KINDS.forEach((kind, k) => {
      const row = make("label"), box = make("input");
      box.type = "checkbox"; box.checked = shown[k]; box.onchange = () => { shown[k] = box.checked; fill(); network.redraw(); };
      row.append(box, swatch(kind, 6, kind.edge, 1), make("span", tell(kind.name)), make("output", (starts[k + 1] - starts[k]).toLocaleString()));
      kinds.append(row);
    });
    const add = (canvas, text) => { const row = make("div", undefined, "mark"); row.append(canvas, make("span", text)); marks.append(row); };
    const person = KINDS[K.Member], home = KINDS[K.Household];
    if (data.verdicts) {
      add(swatch(home, 6, GAP, 2.4), tell(data.verdictNames.due));
      add(swatch({ ...home, colour: "#fff" }, 6, GAP, 1.6), tell(data.verdictNames.blank));
      add(swatch(home, 6, WATCH, 1.8), tell(data.verdictNames.watch));
      add(sample((ctx) => { ctx.beginPath(); ctx.arc(9, 9, 7, 0, 2 * Math.PI); ctx.lineWidth = 1; ctx.strokeStyle = "#c8d0d6"; ctx.stroke(); ctx.beginPath(); ctx.arc(9, 9, 7, -Math.PI / 2, Math.PI / 6); ctx.lineWidth = 2.5; ctx.strokeStyle = GAP; ctx.stroke(); }), say("ring"));
    }
    if (data.bridges.length) add(swatch(person, 8, person.edge, 0.8), say("ranked"));
    add(swatch({ ...home, colour: DIRECT }, 6, "#fff", 0.5), say("direct"));
    add(swatch({ ...home, colour: WITHIN }, 6, "#fff", 0.5), say("within"));
    whole.replaceChildren(make("summary", say("legend")), kinds, marks);
    byId("legend").replaceChildren(whole);
  };

  // ---- search ----------------------------------------------------------------------------------------------
  const input = byId("find"), found = byId("found");
  let matches = [], at = -1;
  const search = () => {
    const text = input.value.trim().toLowerCase();
    matches = [];
    const starting = [], holding = [];
    for (let i = 0; text && i < total && starting.length < 12; i++) {
      const words = `${data.names[i] || ""}\n${ids[i]}`.toLowerCase(), where = words.indexOf(text);
      if (where === 0 || (where > 0 && words[where - 1] === "\n")) starting.push(i); else if (where > 0 && holding.length < 12) holding.push(i);
    }
    matches = [...starting, ...holding].slice(0, 12);
    at = matches.length ? 0 : -1;
    found.replaceChildren(...(matches.length ? matches.map((i, n) => {
      const li = make("li", undefined);
      li.id = `found-${n}`; li.setAttribute("role", "option");
      li.append(make("span", label(i)), make("small", tell(KINDS[kindOf[i]].name)));
      li.onmousedown = (event) => { event.preventDefault(); take(n); };
      return li;
    }) : [make("li", say("nothing"), "about")]));
    found.hidden = !text;
    mark();
  };
  const mark = () => {
    [...found.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === at)));
    input.setAttribute("aria-expanded", String(!found.hidden));
    if (at >= 0 && !found.hidden) input.setAttribute("aria-activedescendant", `found-${at}`); else input.removeAttribute("aria-activedescendant");
  };
  const take = (n) => { found.hidden = true; mark(); if (matches[n] !== undefined) { input.value = nameOf(matches[n]); choose(matches[n], true); } };
  input.oninput = search;
  input.onblur = () => { found.hidden = true; mark(); };
  input.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && matches.length) { at = (at + step + matches.length) % matches.length; mark(); event.preventDefault(); }
    else if (event.key === "Enter") take(at);
    else if (event.key === "Escape") { found.hidden = true; mark(); event.stopPropagation(); }
  };

  // ---- language ----------------------------------------------------------------------------------------------
  const speak = (tag) => {
    document.documentElement.lang = tag;
    lang = tag === "en" ? 1 : 0;
    document.title = tell(data.title);
    document.querySelectorAll(".languages button").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.lang === tag)));
    input.placeholder = say("find"); input.setAttribute("aria-label", say("find"));
    for (const [id, key] of [["nearer", "nearer"], ["farther", "farther"], ["whole", "whole"], ["canvas", "canvas"], ["legend", "legend"], ["panel", "panel"], ["tabs", "panel"], ["zoom", "whole"]]) byId(id).setAttribute("aria-label", say(key));
    for (const id of ["nearer", "farther", "whole"]) byId(id).title = say(id);
    byId("hint").textContent = data.rollUp ? say("rollUp") : "";
    fillLegend();
    fillPanel();
    network.redraw();
  };
  document.querySelectorAll(".languages button").forEach((b) => { b.onclick = () => speak(b.dataset.lang); });

  // ---- a way in for other programs and for links: map.html#Member=ID -----------------------------------------
  const lookUp = (kind, id) => { const k = K[kind]; for (let i = starts[k]; i < starts[k + 1]; i++) if (ids[i] === id) return i; return -1; };
  const follow = () => {
    const [kind, id] = location.hash.slice(1).split("=");
    if (id === undefined || !(kind in K)) return;
    let key = id;
    try { key = decodeURIComponent(id); } catch { return; }
    const i = lookUp(kind, key);
    if (i >= 0) choose(i, true);
  };
  const idsOf = (list) => [...list].map((i) => ids[i]).sort();
  window.graphkit = Object.freeze({
    select: (kind, id) => { const i = lookUp(kind, id); if (i >= 0) choose(i, true); return i >= 0; },
    clear,
    selection: () => chosen && { kind: KINDS[kindOf[chosen.node]].label, id: ids[chosen.node], direct: chosen.reach ? idsOf(chosen.reach.direct) : [], within: chosen.reach ? idsOf(chosen.reach.within) : [] },
    position: (kind, id) => { const i = lookUp(kind, id), p = network.canvasToDOM({ x: X[i], y: Y[i] }), box = byId("canvas").getBoundingClientRect(); return { x: box.left + p.x, y: box.top + p.y }; },
    drawn: () => nodes.length,
  });

  fill();
  speak(document.documentElement.lang);
  whole();
  if (data.rollUp === false) byId("hint").hidden = true;
  addEventListener("resize", () => { if (!chosen) whole(); });
  addEventListener("hashchange", follow);
  follow();
})();
