// The first of each word of the glossary on a page (ui/frame/glossary.py) becomes a button that opens what it means, in one box.
(() => {
  if (window.dashboardGlossary) return;
  window.dashboardGlossary = true;
  const BOX = "explained";
  const NOT_IN =
    "a, button, summary, label, h1, h2, h3, .dots-key, .cells, svg, form, footer, caption, .heard, .frame, .datatable, .slideshow, [hidden], [popover], [role=img], [aria-hidden=true]";

  const marked = (entry) => document.querySelector(`button.word[data-word="${entry.id}"]`);
  const texts = {
    acceptNode: (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT;
      return node.matches(NOT_IN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    },
  };
  const button = (entry, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "word";
    made.dataset.word = entry.id;
    made.setAttribute("popovertarget", BOX);
    made.textContent = text;
    return made;
  };

  const mark = () => {
    let entries = [...document.querySelectorAll(".glossary > li")].filter((entry) => !marked(entry));
    const main = document.querySelector(".stMain");
    if (!entries.length || !main) return;
    const pattern = () =>
      new RegExp(`(?<![\\p{L}\\p{N}-])(?:${entries.map((entry) => `(${entry.dataset.forms})`).join("|")})(?![\\p{L}\\p{N}-])`, "iu");
    let any = pattern();
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, texts);
    for (let node = walker.nextNode(); node && entries.length; node = walker.nextNode()) {
      const match = node.data.match(any);
      if (!match || !node.parentElement.closest(".stHtml") || !node.parentElement.checkVisibility()) continue;
      const entry = entries[match.slice(1).findIndex((group) => group !== undefined)];
      const word = node.splitText(match.index);
      word.splitText(match[0].length);
      word.replaceWith(button(entry, match[0]));
      walker.currentNode = node; // next comes the button, which is passed over, and then the rest
      entries = entries.filter((one) => one !== entry);
      any = pattern();
    }
  };

  // The box shows the meaning of the word that was pressed, and is read out; it closes when the word is pressed once more.
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("button.word");
    if (!pressed) return;
    const box = document.getElementById(BOX);
    const entry = document.getElementById(pressed.dataset.word);
    if (box.matches(":popover-open") && box.dataset.word !== entry.id) box.hidePopover();
    box.dataset.word = entry.id;
    box.innerHTML = entry.innerHTML;
  }, true);

  let waiting = false;
  const drawn = () => {
    waiting = false;
    mark();
  };
  const soon = () => {
    if (!waiting) requestAnimationFrame(drawn);
    waiting = true;
  };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === BOX && event.newState === "open") event.target.focus({ preventScroll: true });
    else soon(); // a fold has opened
  }, true);
  soon();
})();
