// Says Streamlit's own words (1.67) in Swedish, for it has no setting for them, and keeps "mål 2" and "§ 8" on one line. Known texts are
// translated wherever Streamlit writes them; what the pages themselves write (.stHtml) is left alone. Loaded once, from the head.
(() => {
  if (window.dashboardWords) return; // plain `streamlit run` may bring it twice
  const EXACT = {
    "About": "Om",
    "Add an option": "Lägg till ett alternativ",
    "Add files": "Lägg till filer",
    "Add options": "Lägg till alternativ",
    "All selected options have been cleared.": "Alla val är borttagna.",
    "App pages": "Sidor",
    "Appearance": "Utseende",
    "Cancel": "Avbryt",
    "Choose an option": "Välj",
    "Choose options": "Välj",
    "Clear all": "Ta bort alla val",
    "Clear cache": "Töm mellanlagret",
    "Clear selection": "Ta bort valet",
    "Clear value": "Töm",
    "Click to retry upload": "Försök ladda upp igen",
    "Close": "Stäng",
    "Close Search": "Stäng sökningen",
    "Close fullscreen": "Stäng helskärm",
    "Collapse sidebar": "Stäng sidopanelen",
    "Connecting": "Ansluter",
    "Connection error": "Ingen kontakt med servern",
    "Connection lost. Please wait for the app to reconnect, then try again.":
      "Kontakten bröts. Vänta tills den är tillbaka och försök igen.",
    "Copied": "Kopierat",
    "Copy": "Kopiera",
    "Copy to clipboard": "Kopiera",
    "Dark": "Mörkt",
    "Decrement": "Minska",
    "Download as CSV": "Ladda ner som CSV",
    "Drag and drop a file here": "Dra en fil hit",
    "Drag and drop directories here": "Dra mappar hit",
    "Drag and drop files here": "Dra filer hit",
    "Error uploading file": "Filen kunde inte laddas upp",
    "Expand sidebar": "Öppna sidopanelen",
    "File size is too small.": "Filen är för liten.",
    "Format": "Format",
    "Fullscreen": "Helskärm",
    "Help": "Hjälp",
    "Increment": "Öka",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "Servern svarar inte. Sidan kommer tillbaka av sig själv när den gör det.",
    "Light": "Ljust",
    "Loading...": "Laddar …",
    "Main menu": "Meny",
    "Multiselect": "Val",
    "Multiselect options": "Alternativ",
    "Navigate to home page": "Till startsidan",
    "Next Result": "Nästa träff",
    "No content": "Tomt",
    "No data": "Inga rader",
    "No options": "Inga alternativ",
    "No options to select": "Inga alternativ",
    "No options to select.": "Inga alternativ.",
    "No results": "Inga träffar",
    "Notifications": "Meddelanden",
    "Only one file is allowed.": "Bara en fil åt gången.",
    "Open": "Öppna",
    "Page not found": "Sidan finns inte",
    "Please wait...": "Vänta …",
    "Previous Result": "Föregående träff",
    "Print": "Skriv ut",
    "Reconnected to server.": "Kontakten är tillbaka.",
    "Rerun": "Läs in igen",
    "Running": "Arbetar",
    "Running...": "Arbetar …",
    "Search": "Sök",
    "Select all": "Välj alla",
    "Select...": "Välj",
    "Selectbox": "Val",
    "Selectbox options": "Alternativ",
    "Selected values": "Valda",
    "Settings": "Inställningar",
    "Sidebar": "Sidopanel",
    "Skip to main content": "Hoppa till innehållet",
    "Stop": "Stoppa",
    "Stopping...": "Stoppar …",
    "System": "Som systemet",
    "Theme": "Tema",
    "Too many files": "För många filer",
    "Try again": "Försök igen",
    "Unable to connect to Streamlit server": "Ingen kontakt med servern",
    "Unexpected error. Please try again.": "Något gick fel. Försök igen.",
    "Upload": "Ladda upp",
    "Upload directories": "Ladda upp mappar",
    "Upload failed": "Uppladdningen misslyckades",
    "Use system setting": "Systemets inställning",
    "View fullscreen": "Helskärm",
    "file upload": "filuppladdning",
  };
  const PATTERNS = [
    [/^([\d.]+)\s?([KMGT]?B) per file$/, "Högst $1 $2 per fil"],
    [/^(\d+)\.(\d)([KMGT]?B)$/, "$1,$2 $3"], // how large a file is
    [/^(?:View )?(\d+) more$/, "$1 till"],
    [/^Add: (.+)$/, "Lägg till: $1"],
    [/^Cancel upload of (.+)$/, "Avbryt uppladdningen av $1"],
    [/^File is larger than (.+)$/, "Filen är större än $1"],
    [/^File is smaller than (.+)$/, "Filen är mindre än $1"],
    [/^File must be (.+)$/, "Filen ska vara $1"],
    [/^(.*) files are not allowed\.$/, "Filer av typen $1 tas inte emot."],
    [/^Help for (.+)$/, "Hjälp: $1"],
    [/^Remove (.+)$/, "Ta bort $1"],
    [/^Select (\d+) matches$/, "Välj $1 träffar"],
    [/^Press Enter to apply$/, "Tryck på Enter för att använda"],
    [/^Press Enter to submit form$/, "Tryck på Enter för att skicka"],
    [/^Press (.+)\+Enter to (?:apply|submit form)$/, "Tryck på $1+Enter för att använda"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "Högst $1 val. Ta bort ett först."],
    [/^(?:Error: )?Number is outside the allowed range\. Please enter a value between (\S+) and (\S+)\.$/, "Skriv ett tal från $1 till $2."],
    [/^(?:Error: )?Number is below the allowed range\. Please enter a value greater than or equal to (\S+)\.$/, "Skriv $1 eller mer."],
    [/^(?:Error: )?Number is above the allowed range\. Please enter a value less than or equal to (\S+)\.$/, "Skriv $1 eller mindre."],
    [/^(\d+) of (\d+) results?$/, "$1 av $2 träffar"],
    [/^over (\d+) results?$/i, "fler än $1 träffar"],
    [/^1 result$/, "1 träff"],
    [/^(\d+) results?$/, "$1 träffar"],
    [/^You have requested page .+$/, "Sidan finns inte. Översikten visas i stället."],
    [/^The page that you have requested does not seem to exist.*$/, "Sidan finns inte. Översikten visas i stället."],
  ];
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];

  const known = (key) => {
    if (Object.hasOwn(EXACT, key)) return EXACT[key];
    for (const [from, to] of PATTERNS) if (from.test(key)) return key.replace(from, to);
    const [, first, rest] = key.match(/^([^:]+)(: .+)$/) ?? [];
    return first && Object.hasOwn(EXACT, first) ? EXACT[first] + rest : key;
  };
  // As the server reads it: a page in another language is loaded anew.
  const lang = new URLSearchParams(location.search).getAll("lang").at(-1) === "en" ? "en" : "sv";
  document.documentElement.lang = lang;
  const say = (text) => {
    const key = lang === "en" ? "" : text.trim();
    return key ? text.replace(key, () => known(key)) : text;
  };
  const UNBROKEN = /(§|mål|goal) (?=\d)/gi; // as in our own markup (ui/text/html.py)
  const word = (node) => {
    const now = node.parentElement?.closest(".stHtml, script, style, title") ? node.data : say(node.data).replace(UNBROKEN, "$1\u00a0");
    if (now !== node.data) node.data = now;
  };
  const ofField = (node) => { // "Öka" of which number
    const label = node.matches("button") && node.closest(".stNumberInput")?.querySelector("label")?.textContent;
    return label ? `: ${label}` : "";
  };
  const labels = (node) => {
    if (node.closest(".stHtml")) return;
    for (const name of ATTRIBUTES) {
      const old = node.getAttribute(name);
      const now = old && !old.endsWith(ofField(node)) ? say(old) + ofField(node) : old && say(old);
      if (now !== old) node.setAttribute(name, now);
    }
  };
  const tree = (node) => {
    if (node.nodeType === Node.TEXT_NODE) word(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let n = walker.currentNode; n; n = walker.nextNode()) n.nodeType === Node.TEXT_NODE ? word(n) : labels(n);
  };
  const change = (c) => {
    if (c.type === "childList") c.addedNodes.forEach(tree);
    else if (c.type === "characterData") word(c.target);
    else labels(c.target);
  };

  window.dashboardWords = new MutationObserver((changes) => changes.forEach(change));
  window.dashboardWords.observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
  if (document.body) tree(document.body);
  if (lang !== "en") return;

  // What Streamlit's widgets offer by a Swedish name is read out in Swedish, as names are in our own markup.
  const named = () => {
    const names = document.querySelector(".frame[data-swedish]")?.dataset.swedish.split("\n") ?? [];
    for (const part of document.querySelectorAll("[role=option], [data-tag], input[role=combobox]")) {
      const text = part.matches("input") ? part.value : part.textContent;
      const said = names.some((name) => text.startsWith(name)) ? "sv" : "";
      if (part.lang !== said) said ? (part.lang = said) : part.removeAttribute("lang");
    }
  };
  new MutationObserver(named).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
