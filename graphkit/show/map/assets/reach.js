// Ties, and whom a member reaches: the same definition as find_pairing_reach.
const neighbours = (source, target) => {
  const offsets = new Int32Array(total + 1), list = new Int32Array(source.length);
  for (const s of source) offsets[s + 1]++;
  for (let i = 0; i < total; i++) offsets[i + 1] += offsets[i];
  const next = offsets.slice(0, total);
  for (let t = 0; t < source.length; t++) list[next[source[t]]++] = target[t];
  return (i) => list.subarray(offsets[i], offsets[i + 1]);
};
const TIES = data.ties.map((tie) => {
  const source = unpackSteps(tie.source), target = unpackSteps(tie.target);
  return { ...tie, source, target, out: neighbours(source, target), back: neighbours(target, source) };
});
const tie = Object.fromEntries(TIES.map((t) => [t.name, t]));
const helps = tie["Member HELPS Household"], mentors = tie["Member MENTORS Member"];
const shared = [tie["Member BELONGS_TO Branch"], tie["Member WORKS_IN Cooperative"]];

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
