// Run in each page before its own scripts: keeps every text that is ever shown or announced there, also what
// is gone again a moment later.
(() => {
  // What residents wrote, what is no language, what says that it is in another one.
  const SKIPPED = "script, style, template, noscript, code, .tip__text, .tip__facts dd, " +
    "[lang]:not([lang|=vi]), " +
    "[data-side-panel-toggle-counter][hidden]"; // which says None while there is nothing to count
  const NAMES = ["aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "title",
    "alt", "label", "data-w-tooltip-content-value", "data-w-progress-active-value", "data-w-dropdown-label",
    "data-focal-input-label", "data-confirm", "data-label"];
  const seen = new Set();
  const take = (text) => text && text.trim() && seen.add(text.trim());
  const skipped = (element) =>
    !element || element.closest(SKIPPED) || element.closest("[contenteditable]")?.isContentEditable;

  const readElement = (element) => {
    for (const name of NAMES) take(element.getAttribute(name));
    if (element.matches("input[type=submit], input[type=button], input[type=reset]")) take(element.value);
  };
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE && !skipped(node.parentElement)) take(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || skipped(node)) return;
    readElement(node);
    node.childNodes.forEach(read);
    if (node.shadowRoot) node.shadowRoot.childNodes.forEach(read);
  };
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(read);
      else if (record.type === "characterData") read(record.target);
      else if (!skipped(record.target)) readElement(record.target);
    }
  }).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...NAMES, "value"],
  });

  const drained = () => {
    take(document.title);
    const texts = [...seen];
    seen.clear();
    return texts;
  };
  window.watch = {
    // The texts since the last call; all that stands there the first time.
    texts: () => {
      if (document.body) read(document.body);
      return drained();
    },
    // What a server answers to this page's forms: to one left empty, and to one with nonsense in every field.
    answers: async () => {
      const typed = "input[type=text], input[type=number], input[type=email], input[type=url], input[type=date], " +
        "input[type=password], input[type=tel], input[type=datetime-local], input:not([type]), textarea, select";
      for (const form of document.querySelectorAll("form[method=post i]")) {
        if (![...form.querySelectorAll(typed)].some((field) => field.name)) continue;
        for (const value of ["", "?"]) {
          const data = new FormData(form);
          for (const field of form.querySelectorAll(typed)) {
            // A choice is left as it is where the rest is nonsense: what is tried is the words.
            if (field.name && !(value && field.tagName === "SELECT")) data.set(field.name, value);
          }
          for (const file of form.querySelectorAll("input[type=file]")) data.delete(file.name);
          const answer = await fetch(form.action || location.href, { method: "POST", body: data });
          const type = answer.headers.get("content-type") || "";
          const parsed = new DOMParser();
          const html = type.includes("html") ? await answer.text() : "";
          // Less than a page is read by scripts alone.
          if (html.includes("<html")) read(parsed.parseFromString(html, "text/html").body);
        }
      }
      return drained();
    },
  };
})();
