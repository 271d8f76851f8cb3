// Notes when the page was last drawn: at the end of the frame after the last change of its main part, or of its script's state.
// What a table writes into its canvas for screen readers, a while after it was drawn, is not drawing. The first screen is drawn
// when the last thing was put into what is seen without scrolling, and its letters have come.
(() => {
  let start = 0, last = 0, screen = 0, pending = 0, before; // undefined in a load: whatever is said then is new
  const said = () => document.querySelector(".chosen")?.textContent ?? null;
  const element = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  const drawing = ({ target }) => element(target)?.matches?.(".stApp, .stMain :not(canvas *), #page, #page *");
  const seen = (node) => {
    const box = node.getBoundingClientRect?.();
    return box?.height > 0 && box.top < innerHeight && box.bottom > 0;
  };
  const put = ({ addedNodes, target, type }) =>
    type === "attributes" ? [] : type === "childList" ? [...addedNodes].map(element) : [element(target)];
  const note = (nodes) => {
    last = performance.now();
    if (nodes.some(seen)) screen = last;
    pending -= 1;
  };
  const changed = (changes) => {
    const drawn = changes.filter(drawing);
    if (!drawn.length) return;
    pending += 1;
    requestAnimationFrame(() => setTimeout(() => note(drawn.flatMap(put).filter((node) => node?.isConnected))));
  };
  new MutationObserver(changed).observe(document, {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
  document.fonts.addEventListener("loadingdone", ({ fontfaces }) => {
    if (fontfaces.some(({ family }) => family.includes("Source"))) screen = performance.now();
  });
  window.bench = {
    // Follows a link to another choice on the same page, without a load.
    follow: (to) => {
      [before, start] = [said(), performance.now()];
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    // Whether something else is said, and nothing has changed for these milliseconds.
    rests: (still) => said() !== before && !pending && performance.now() - last >= still,
    // Milliseconds from the click (or from the start of the load) to the last drawing, of the first screen and of the whole page.
    taken: () => [screen - start, last - start],
  };
})();
