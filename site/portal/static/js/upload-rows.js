// The list of a form's files: a row each, with its name, how far it is, and a button that takes it out.
// Draws what uploads.js tells it; the words are in the template's data attributes.
(function () {
  "use strict";

  const KILOBYTE = 1024;
  const MEGABYTE = 1024 * 1024;

  function sizeOf(bytes) {
    if (!bytes) return "";
    if (bytes < MEGABYTE / 10) return Math.ceil(bytes / KILOBYTE) + " KB";
    return (bytes / MEGABYTE).toFixed(1).replace(".", ",") + " MB";
  }

  // `tools` holds the words and the template of a row, `list` the rows.
  window.uploadRows = function (tools, list) {
    const said = tools.querySelector("[data-said-of-files]");
    const template = tools.querySelector("template");

    function add(item, takeOut) {
      item.row = list.appendChild(template.content.cloneNode(true).firstElementChild);
      const button = item.row.querySelector("button");
      button.setAttribute("aria-label", button.textContent + ": " + item.name);
      button.addEventListener("click", takeOut);
      item.row.querySelector("progress").setAttribute("aria-label", item.name);
      if (item.file && /^audio\//.test(item.file.type)) addPlayer(item);
      list.hidden = false;
    }

    // Whoever recorded a message listens to it before it goes.
    function addPlayer(item) {
      const player = document.createElement("audio");
      player.controls = true;
      player.src = URL.createObjectURL(item.file);
      player.setAttribute("aria-label", item.name);
      item.row.insertBefore(player, item.row.querySelector("progress"));
    }

    function show(item, words) {
      const bar = item.row.querySelector("progress");
      item.row.querySelector(".file__name").textContent = item.name;
      item.row.querySelector(".file__size").textContent = sizeOf(item.size);
      item.row.querySelector(".file__words").textContent = words;
      item.row.classList.toggle("file--wrong", Boolean(item.wrong));
      bar.hidden = item.percent === undefined;
      bar.value = item.percent || 0;
    }

    function say(item, words) {
      said.textContent = item.name + ": " + words;
    }

    // Shown, and read out to whoever cannot see it.
    function tell(item, words) {
      show(item, words);
      say(item, words);
    }

    // Read out at the start and at each quarter.
    function tellProgress(item, words) {
      const percent = Math.floor(100 * item.offset / item.size);
      const told = words.replace("{percent}", percent + " %");
      const before = item.percent;
      item.percent = percent;
      const isNext = before === undefined || Math.floor(before / 25) !== Math.floor(percent / 25);
      if (isNext) tell(item, told);
      else show(item, told);
    }

    // In red, with its name for the receipt if `field` is the name of such a field.
    function tellWrong(item, words, field) {
      item.wrong = true;
      item.percent = undefined;
      tell(item, words);
      tick(item, "");
      if (!field) return;
      const note = item.row.appendChild(document.createElement("input"));
      note.type = "hidden";
      note.name = field;
      note.value = item.name;
    }

    // With a handle the row goes with the form, as if the server had listed it; the button takes the place of its tick.
    function tick(item, handle) {
      const label = item.row.querySelector("label");
      const before = label.querySelector("input");
      if (before) before.remove();
      delete item.row.dataset.upload;
      if (!handle) return;
      const box = label.insertBefore(document.createElement("input"), label.firstChild);
      box.type = "checkbox";
      box.name = "upload";
      box.hidden = box.checked = true;
      item.row.dataset.upload = box.value = handle;
    }

    function remove(item) {
      const player = item.row.querySelector("audio");
      if (player) URL.revokeObjectURL(player.src);
      item.row.remove();
      list.hidden = !list.children.length;
    }

    return {
      add: add, show: show, say: say, tell: tell, tellProgress: tellProgress, tellWrong: tellWrong, tick: tick, remove: remove
    };
  };
})();
