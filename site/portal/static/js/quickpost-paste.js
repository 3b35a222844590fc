// What is pasted into a quick post, which holds lines alone: rows of a table stay readable, pictures go where they belong.
(function () {
  "use strict";

  const form = document.getElementById("quickpost");
  if (!form || !window.quickpostAddPhotos) return;
  const text = form.elements.text;
  const texts = JSON.parse(document.getElementById("quickpost-texts").textContent);
  const told = document.createElement("p");
  told.className = "help-block help-warning";
  told.setAttribute("role", "status");
  told.dataset.pasted = "";
  told.hidden = true;
  text.after(told);

  // Cells, and what follows a bullet, come behind a tab.
  function readable(line) {
    return line.trim().replace(/^[•·▪§o\uf0b7\uf0a7]\t+/, "- ").replace(/^(-|\d+[.)])\t+/, "$1 ").replace(/\s*\t+\s*/g, " – ");
  }

  text.addEventListener("paste", function (event) {
    const found = window.pastedPictures(event.clipboardData), plain = event.clipboardData.getData("text/plain");
    told.hidden = true;
    if (found.files.length) {
      event.preventDefault();
      window.quickpostAddPhotos(found.files);
      return;
    }
    if (plain.includes("\t")) {
      event.preventDefault();
      const lines = plain.split(/\r\n|\r|\n/).map(readable).join("\n");
      // Unlike setRangeText it can be undone, and tells the form.
      document.execCommand("insertText", false, lines);
    }
    if (!found.count) return;
    told.hidden = false;
    told.textContent = texts.not_pasted.replace("{count}", found.count);
  });
})();
