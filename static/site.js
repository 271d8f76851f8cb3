// What the pages' HTML cannot do itself: links and forms without a load, the focus after them, the part an address points at,
// a view's address, figures that follow the theme, and links in figures. Loaded once, from the head.
(() => {
  if (window.dashboardGo) return; // plain `streamlit run` may bring it twice
  const OURS = ":is(.stHtml, .stMarkdown, .stPlotlyChart)";
  let focus = null; // gives what gets the focus when what had it has been drawn anew
  let place = null; // where on the page the reader stood who comes back to it
  let isMeeting = false; // whether the slides were asked for on the page before them in the history
  let arrived = ""; // the address whose part (#…) is in view

  // Streamlit listens to Back and Forward: a new entry in the history, told as one of them, is a link without a load.
  const told = () => dispatchEvent(new PopStateEvent("popstate"));
  const go = (to, isTurned) => { // a slide takes the place of the one before it: Back leaves them all
    if (!to.search) to.search = ""; // no lone question mark
    if (to.href === location.href) return;
    const turned = to.pathname !== location.pathname;
    const at = document.activeElement;
    const kept = turned ? "#content" : (at?.closest("[data-keep]")?.dataset.keep ?? (at?.id ? `#${CSS.escape(at.id)}` : null));
    focus = kept ? () => document.querySelector(kept) : null;
    place = null;
    keep();
    history[isTurned ? "replaceState" : "pushState"](null, "", to);
    told();
    if (turned) document.querySelector(".stMain")?.scrollTo(0, 0);
  };
  window.dashboardGo = go;
  let acted = null; // where in a list of rows the reader acted
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, () => {
    focus = acted = place = null;
    arrived = location.href;
  }, { capture: true, passive: true });

  // Back leads to where the reader stood, and to the link they left by: each entry in the history holds both.
  const called = (link) => new URL(link.href.baseVal ?? link.href, location.href).pathname + link.textContent;
  const linkCalled = (name) => [...document.querySelectorAll(`${OURS} a`)].find((link) => called(link) === name && link.checkVisibility());
  const keep = () => {
    clearTimeout(keeping);
    const top = document.querySelector(".stMain")?.scrollTop ?? 0;
    const link = document.activeElement?.closest(`${OURS} a`);
    history.replaceState({ ...history.state, top, link: link && called(link) }, "");
  };
  let keeping = 0;
  document.addEventListener("scroll", (e) => {
    clearTimeout(keeping);
    if (place === null && e.target.matches?.(".stMain")) keeping = setTimeout(keep, 100);
  }, true);
  addEventListener("popstate", (e) => {
    if (!e.isTrusted) return;
    clearTimeout(keeping);
    const { top, link } = history.state ?? {};
    if (top === undefined) return;
    [place, arrived] = [top, location.href];
    focus = () => linkCalled(link) ?? document.querySelector("#content");
  });
  const back = () => {
    if (place !== null) document.querySelector(".stMain")?.scrollTo(0, place);
  };
  place = history.state?.top ?? null; // of a page that is loaded again
  if (place !== null) arrived = location.href;

  // Streamlit's folds are animated by script, which the stylesheet does not reach: who wants no motion has them at once.
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) {
    const motion = animate.apply(this, how);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) motion.finish();
    return motion;
  };

  const isPlain = (e) => !(e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);
  document.addEventListener("click", (e) => {
    if (e.target.closest?.("[data-print]")) return printed();
    if (e.target.closest?.("[data-copy]")) return copied(e.target.closest("[data-copy]"));
    const link = e.target.closest?.(`${OURS} a:not([hreflang], [rel], [download])`);
    if (!link || !isPlain(e)) return;
    const to = new URL(link.href.baseVal ?? link.href, location.href); // an SVG's link keeps its address elsewhere
    if (to.origin !== location.origin) return;
    if (to.pathname === location.pathname && to.search === location.search && to.hash) return; // a part of this page
    e.preventDefault();
    closed(link);
    const isSlide = link.closest(".slideshow");
    if (isSlide && link.matches(".end") && isMeeting) return history.back(); // to where the slides were asked for
    isMeeting = isSlide ? isMeeting : to.searchParams.has("visa");
    go(to, isSlide);
  });

  // A menu that the focus leaves closes: it would lie over what has it.
  document.addEventListener("focusout", (e) => {
    const panel = e.target.closest?.("[popover]");
    const to = e.relatedTarget;
    if (panel && to && !panel.contains(to) && to.getAttribute("popovertarget") !== panel.id) panel.hidePopover();
  });

  // A choice in a panel's form holds when the panel is left, as when it is sent; Esc drops it. A menu that is open stays so while the
  // head is drawn anew.
  let opened = null; // the panel's id
  let chosen = null; // what its form held when it opened
  let isDropped = false;
  const fields = (form) => form && new URLSearchParams(new FormData(form)).toString();
  const closed = (part) => { // by what it holds: its form is not sent once more
    chosen = null;
    part.closest("[popover]")?.hidePopover();
  };
  addEventListener("keydown", (e) => { isDropped = e.key === "Escape"; }, true);
  addEventListener("pointerdown", () => { isDropped = false; }, true);
  document.addEventListener("toggle", ({ target: panel, newState }) => {
    if (!panel.matches?.(".frame [popover]")) return;
    const form = panel.querySelector("form[data-parameters]");
    if (newState === "open") {
      [opened, chosen] = [panel.id, fields(form)];
      return;
    }
    if (opened === panel.id) opened = null;
    if (!form || chosen === null || fields(form) === chosen) return;
    if (isDropped) form.reset();
    else form.requestSubmit();
  }, true);
  const reopened = () => {
    const panel = opened && document.getElementById(opened);
    if (!panel || panel.matches(":popover-open")) return;
    panel.showPopover();
    if (document.activeElement === document.body) document.querySelector(`[popovertarget="${opened}"]`)?.focus({ preventScroll: true });
  };

  // What is acted on in a list of rows leaves it, and its buttons with it: the focus goes to those of the row that takes its place.
  const LIST = "st-key-rows_";
  document.addEventListener("click", (e) => {
    const box = e.target.closest?.(".stButton button")?.closest(`[class*="${LIST}"]`);
    if (!box) return;
    const list = [...box.classList].find((name) => name.startsWith(LIST));
    acted = { list, at: [...box.querySelectorAll(".stButton button")].indexOf(e.target.closest("button")) };
  }, true);
  const actedOn = () => {
    if (!acted || document.activeElement !== document.body) return;
    const buttons = [...document.querySelectorAll(`.${acted.list} .stButton button`)];
    (buttons[Math.min(acted.at, buttons.length - 1)] ?? document.querySelector("#content"))?.focus({ preventScroll: true });
    acted = null;
  };
  // What came of a change (import, saving, undo) gets the focus when it comes: what was pressed for it is drawn anew, or far away.
  let receipt = "";
  const received = () => {
    const now = document.querySelector(".st-key-receipt");
    const text = now?.textContent ?? "";
    if (text && text !== receipt) {
      now.tabIndex = -1;
      now.focus();
      now.scrollIntoView({ block: "nearest" });
      acted = focus = null;
    }
    receipt = text;
  };
  const isDone = () => document.querySelector(".stApp")?.dataset.testScriptState === "notRunning";

  // A form's fields become its parameters of the address; all others stay.
  document.addEventListener("submit", (e) => {
    const form = e.target.closest(".stHtml form[data-parameters]");
    if (!form) return;
    e.preventDefault();
    closed(form);
    const to = new URL(location.href);
    for (const name of form.dataset.parameters.split(" ")) to.searchParams.delete(name);
    for (const [name, value] of new FormData(form)) if (value) to.searchParams.append(name, value);
    go(to);
  });

  // Another last month takes the first with it where they are twelve; the reader sees it and may choose otherwise.
  document.addEventListener("change", (e) => {
    const from = e.target.name === "to" && e.target.closest(".stHtml form[data-parameters]")?.elements.from;
    if (!from) return;
    const shown = (select) => [...select.options].findIndex((option) => option.defaultSelected);
    if (from.selectedIndex === shown(from) && shown(e.target) - shown(from) === 11) from.selectedIndex = Math.max(0, e.target.selectedIndex - 11);
  });

  // The address holds the months that are shown, also where it was opened without: the same link shows the same next month.
  const held = () => {
    const foot = document.querySelector("footer[data-asked]");
    const { asked, from, to } = foot?.dataset ?? {};
    const here = new URL(location.href);
    const named = ["from", "to"].map((end) => here.searchParams.get(end) ?? "");
    if (asked !== named.join("/") || named.every(Boolean)) return;
    for (const [end, month] of Object.entries({ from, to })) if (!here.searchParams.get(end)) here.searchParams.set(end, month);
    history.replaceState(history.state, "", here);
    delete foot.dataset.asked; // of another address this part of the page knows nothing
  };

  const copied = async (button) => {
    const to = new URL(button.dataset.copy, location.href);
    to.hash = location.hash;
    const done = navigator.clipboard ? await navigator.clipboard.writeText(to.href).then(() => true, () => false) : copiedByHand(to.href);
    const status = button.nextElementSibling;
    button.dataset.name ??= button.textContent;
    status.textContent = button.textContent = done ? button.dataset.copied : button.dataset.failed;
    setTimeout(() => { [button.textContent, status.textContent] = [button.dataset.name, ""]; }, 4000);
  };
  const copiedByHand = (text) => { // over plain http the clipboard is closed
    const field = document.body.appendChild(document.createElement("textarea"));
    const before = document.activeElement;
    field.value = text;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  };

  // A point of a figure that carries an address is a link.
  const follow = ({ points }) => {
    const href = points?.[0]?.customdata;
    if (href) go(new URL(href, location.href));
  };
  const figures = () => {
    for (const ground of document.querySelectorAll(".js-plotly-plot a:not([tabindex]):has(> rect)")) ground.setAttribute("tabindex", "-1");
    for (const figure of document.querySelectorAll(".js-plotly-plot")) {
      if (figure.dashboardFollow || !figure.on) continue;
      figure.dashboardFollow = follow;
      figure.on("plotly_click", follow);
    }
  };

  // The main part scrolls, so it has the focus to begin with: keys scroll it, and Tab leads to its first link. It is no stop of its own.
  const start = () => {
    const main = document.querySelector(".stMain[tabindex='0']");
    if (!main) return;
    main.tabIndex = -1;
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
  };

  // Streamlit calls the place where files are dropped a mere decoration, though it has a name.
  const named = () => document.querySelector("[data-testid=stFileUploaderDropzone][role]")?.removeAttribute("role");

  // The part of a page that an address points at (#…) is drawn after the browser has looked for it: go there when it comes, and again
  // while what stands above it is drawn, unless the reader has gone elsewhere.
  const arrive = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name || arrived === location.href) return;
    const part = document.getElementById(name);
    if (!part) return;
    if (isDone()) arrived = location.href;
    const fold = part.closest("details");
    if (fold) fold.open = true;
    part.scrollIntoView();
    if (!document.activeElement?.matches("body, .stMain, #content")) return;
    if (part.tabIndex < 0) part.tabIndex = -1; // Tab goes on from there
    part.focus({ preventScroll: true });
  };

  // A figure is drawn on the server for the theme the reader has. Streamlit does not ask again when that changes: we do, once.
  let theme = null;
  const themed = () => {
    const now = getComputedStyle(document.querySelector(".stApp")).colorScheme;
    const drawn = document.querySelector(".frame")?.dataset.theme;
    document.documentElement.dataset.theme = now; // for paper
    if (!drawn || now === drawn || now === theme) return;
    theme = now;
    const here = location.href;
    history.replaceState(history.state, "", location.pathname + location.search); // with a # it would be a jump within the page
    told();
    history.replaceState(history.state, "", here);
  };
  let watched = null;
  const watch = () => {
    const app = document.querySelector(".stApp");
    if (!app) return;
    if (app !== watched) new MutationObserver(themed).observe((watched = app), { attributeFilter: ["class"] });
    themed();
  };

  // Paper is 180 mm wide: Plotly's figures are drawn anew for it before the browser prints.
  const printed = async () => {
    document.documentElement.classList.add("on-paper");
    if (document.querySelector(".stPlotlyChart")) await new Promise((done) => setTimeout(done, 600));
    print();
    document.documentElement.classList.remove("on-paper");
  };
  addEventListener("keydown", (e) => {
    if (e.key !== "p" || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    printed();
  });

  // Slides: as large as the screen allows, on a phone held upright as wide as it, and scrolled; arrows, space and swipes turn them, Esc ends them.
  const upright = matchMedia("(max-width: 700px) and (orientation: portrait)");
  const fit = () => document.documentElement.style.setProperty("--fit", upright.matches ? innerWidth / 900 : Math.min(innerWidth / 1920, innerHeight / 1080));
  addEventListener("resize", fit);
  fit();
  const KEYS = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous", Escape: "end" };
  const turn = (to) => document.querySelector(`.slideshow a.${to}`)?.click();
  document.addEventListener("keydown", (e) => {
    if (!KEYS[e.key] || e.altKey || e.ctrlKey || e.metaKey || !document.querySelector(".slideshow")) return;
    if (e.key === " " && e.target.closest?.("button")) return; // it is pressed
    e.preventDefault();
    turn(KEYS[e.key]);
  });
  let touched = null;
  addEventListener("touchstart", (e) => { touched = e.changedTouches[0]; }, { passive: true });
  addEventListener("touchend", (e) => {
    const [x, y] = [e.changedTouches[0].clientX - touched?.clientX, e.changedTouches[0].clientY - touched?.clientY];
    if (Math.abs(x) > 60 && Math.abs(x) > Math.abs(y)) turn(x < 0 ? "next" : "previous");
  }, { passive: true });

  // What a change on a page has come to is read out once, when all is drawn: a new finding, choice, notice or count of faults. Another
  // page is told by the focus.
  const voice = document.createElement("p");
  voice.className = "heard";
  voice.setAttribute("role", "status");
  let last = null;
  let settling = 0;
  const settle = () => {
    clearTimeout(settling);
    settling = setTimeout(announce, last?.path === location.pathname ? 400 : 50); // a new page is only listened to: soon, before it changes
  };
  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const announce = () => {
    if (!isDone()) return settle();
    received();
    actedOn();
    const parts = document.querySelectorAll(".stMain :is(h1, .chosen, .notice:not([role]), [data-announced])");
    const lines = [...parts].map((part) => part.dataset.announced || sentence(part.textContent)).map((line) => line.replace(/[.:]$/, ""));
    const isSame = last?.path === location.pathname;
    const fresh = isSame ? lines.filter((line) => !last.lines.includes(line)) : [];
    if (!isSame) voice.textContent = ""; // what was read out on the page before is not on this one
    last = { path: location.pathname, lines };
    if (fresh.length) voice.textContent = `${fresh.join(". ")}.`;
    if (!voice.isConnected) document.body.append(voice);
  };

  // What is not saved yet is asked about before the browser leaves for good.
  addEventListener("beforeunload", (e) => {
    if (document.querySelector(":is(.st-key-panel_unsaved, .st-key-panel_file_0)")) e.preventDefault();
  });

  let waiting = false;
  const drawn = () => {
    waiting = false;
    held();
    settle();
    watch();
    start();
    named();
    arrive();
    figures();
    reopened();
    back();
    if (focus && document.activeElement?.matches("body, #content")) focus()?.focus({ preventScroll: true });
  };
  new MutationObserver(() => {
    if (!waiting) requestAnimationFrame(drawn);
    waiting = true;
  }).observe(document.documentElement, { childList: true, subtree: true });
  drawn();
})();
