// Notes when the page was last drawn: at the end of the frame after the last change of its main part, or of its script's state.
// What a table writes into its canvas for screen readers, a while after it was drawn, is not drawing.
(() => {
  let start = 0, last = 0, pending = 0, before = null;
  const said = () => document.querySelector(".chosen")?.textContent ?? null;
  const drawing = ({ target }) => {
    const here = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
    return here?.matches?.(".stApp, .stMain :not(canvas *)");
  };
  const note = () => {
    last = performance.now();
    pending -= 1;
  };
  const changed = (changes) => {
    if (!changes.some(drawing)) return;
    pending += 1;
    requestAnimationFrame(() => setTimeout(note));
  };
  new MutationObserver(changed).observe(document, {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
  window.bench = {
    // Follows a link to another choice on the same page, without a load.
    follow: (to) => {
      [before, start] = [said(), performance.now()];
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    // Milliseconds from the click (or from the start of the load) to the last drawing; 0 until something else is said and all is still.
    taken: (still) => (said() === before || pending || performance.now() - last < still ? 0 : last - start),
  };
})();
