// Search: by name or id, by keyboard or pointer.
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
  else if (event.key === "Escape" && !found.hidden) { found.hidden = true; mark(); event.stopPropagation(); }  // with no list open it is for the whole page
};
