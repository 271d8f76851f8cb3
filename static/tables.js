// Tables (ui/components/html_table.py): a heading's button sorts, the field searches, ten rows stand until all are asked for, and many
// are turned page by page. What was chosen outlives a rerun and Back.
(() => {
  if (window.dashboardTables) return;
  window.dashboardTables = true;

  const chosen = new Map();
  let isPaper = false;
  const key = (box) => location.pathname + box.id;
  const choice = (box) => chosen.get(key(box)) ?? {};
  const plain = (text) => text.replace(/[\u2010\u2011]/g, "-").replace(/\s+/g, " ").trim().toLowerCase();
  const written = (n) => n.toLocaleString(document.documentElement.lang || "sv");
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // A missing value comes last, whichever way.
  const sorted = (rows, at, way, number) => {
    const text = new Intl.Collator(document.documentElement.lang || "sv", { numeric: true }).compare;
    const value = ({ cells: { [at]: cell } }) => cell.dataset.v ?? plain(cell.textContent);
    const keyed = rows.map((row) => [value(row), row]);
    const compare = ([a], [b]) => (a === "") - (b === "") || (a === "" ? 0 : way * (number ? a - b : text(a, b)));
    return keyed.sort(compare).map(([, row]) => row);
  };

  const draw = (box) => {
    const now = choice(box);
    const body = box.querySelector("tbody");
    box.rows ??= [...body.rows];
    const heads = [...box.querySelectorAll("thead th")];
    const { hits, none, span, first, atOnce, page } = box.dataset;
    let rows = box.rows;
    if (now.find) rows = rows.filter((row) => (row.found ??= plain(row.textContent)).includes(plain(now.find)));
    if (now.way) rows = sorted(rows, now.by, now.way, heads[now.by].hasAttribute("data-number"));
    const all = now.all || (isPaper && box.closest("details[open]")); // paper has no button: what was opened is all there
    const paged = (all || now.find) && rows.length > +atOnce;
    const from = paged ? Math.min(now.from ?? 0, Math.floor((rows.length - 1) / page) * page) : 0;
    const some = paged ? rows.slice(from, from + +page) : all || now.find ? rows : rows.slice(0, +first);
    body.replaceChildren(...some);
    const place = { first: written(from + 1), last: written(from + some.length), all: written(rows.length) };
    box.dataset.place = some.length < rows.length ? filled(span, place) : ""; // on paper, too
    heads.forEach((head, at) => {
      if (now.way && at === now.by) head.setAttribute("aria-sort", now.way > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    const more = box.querySelector(".more");
    if (!more) return;
    more.hidden = Boolean(now.find);
    more.textContent = now.all ? more.dataset.fewer : more.dataset.every;
    for (const [name, off] of [["back", from === 0], ["on", from + some.length >= rows.length]]) {
      const button = box.querySelector(`.${name}`);
      button.hidden = !paged;
      button.disabled = off;
    }
    const counts = { n: written(rows.length), all: written(box.rows.length), words: now.find };
    const told = now.find ? filled(rows.length ? hits : none, counts) : "";
    box.querySelector("[role=status]").textContent = [told, paged ? box.dataset.place : ""].filter(Boolean).join(". ");
  };
  const change = (box, what) => {
    chosen.set(key(box), { ...choice(box), from: 0, ...what });
    draw(box);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".datatable button");
    if (!button) return;
    const box = button.closest(".datatable");
    const now = choice(box);
    if (button.matches(".more")) return change(box, { all: !now.all });
    if (button.matches(".back, .on")) {
      change(box, { from: (now.from ?? 0) + (button.matches(".on") ? 1 : -1) * box.dataset.page });
      return box.scrollIntoView({ block: "start" });
    }
    const head = button.closest("th");
    const by = head.cellIndex;
    const start = head.hasAttribute("data-number") ? -1 : 1;  // numbers from the largest; a third press is the first order again
    change(box, { by, way: now.by !== by || !now.way ? start : now.way === start ? -start : 0 });
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.(".datatable");
    if (box) change(box, { find: event.target.value.trim() });
  });

  for (const [turn, to] of [["beforeprint", true], ["afterprint", false]]) addEventListener(turn, () => {
    isPaper = to;
    for (const box of document.querySelectorAll("details[open] .datatable")) draw(box);
  });

  const drawn = () => {
    for (const box of document.querySelectorAll(".datatable:not([data-drawn])")) {
      box.dataset.drawn = "";
      const field = box.querySelector("input");
      if (field) field.value = choice(box).find ?? "";
      else chosen.delete(key(box));
      draw(box);
    }
  };
  new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true });
  drawn();
})();
