// Folds: on a narrow window search, legend and lists lie over the map, one at a time, and fold away.
const narrow = matchMedia("(max-width: 900px)");  // as in narrow.css
const FOLDS = { search: "search", legend: "legend", panel: "lists" };
const fold = (open) => {
  document.body.dataset.open = open;
  for (const part of Object.keys(FOLDS)) byId(`fold-${part}`).setAttribute("aria-expanded", String(part === open));
};
for (const part of Object.keys(FOLDS)) byId(`fold-${part}`).onclick = () => {
  fold(document.body.dataset.open === part ? "" : part);
  if (document.body.dataset.open === "search") byId("find").focus();
  giveWay();
};
const giveWay = () => {  // the map moves into what is left of it; a chosen node stays where it is when a fold closes
  if (document.body.dataset.open) refit(); else if (!chosen && seesWhole) whole();
  network.redraw();
};
byId("details").onclick = () => { fold("panel"); byId("content").focus(); giveWay(); };
byId("drop").onclick = () => { clear(); byId("canvas").focus(); };
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.body.dataset.open;
  if (open) { fold(""); byId(`fold-${open}`).focus(); }
  if (chosen) clear();
  giveWay();
});
