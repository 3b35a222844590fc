// The full editor's paste: a table becomes a part “Table” of its own, and what cannot be pasted is said.
(function () {
  "use strict";

  const texts = document.currentScript.dataset;
  let ours = false; // the paste that is sent from here

  // Wagtail keeps the block of a StreamField at its element (its w-block controller).
  function placeOf(editor) {
    let element = editor;
    while (element && !element.rootBlock) element = element.parentElement;
    const stream = element && element.rootBlock;
    const child = stream && stream.children && stream.children.find(function (one) { return one.element.contains(editor); });
    return child ? { stream: stream, child: child, types: stream.blockDef.childBlockDefsByName || {} } : null;
  }

  // --- Tables -----------------------------------------------------------------------------------------------

  function wordsOf(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
    if (node.nodeName === "BR") return "\n";
    if (["STYLE", "SCRIPT"].includes(node.nodeName)) return "";
    const inside = Array.from(node.childNodes, wordsOf).join("");
    return /^(P|DIV|LI|TR|H\d)$/.test(node.nodeName) ? inside + "\n" : inside;
  }

  function linesOf(node) {
    return wordsOf(node).replace(/ *\n\s*/g, "\n").trim();
  }

  // Cells over several rows or columns have their words in the first, as the part knows no others.
  function rowsOf(table) {
    const rows = Array.from(table.rows, function () { return []; });
    Array.from(table.rows).forEach(function (row, at) {
      let column = 0;
      Array.from(row.cells).forEach(function (cell) {
        while (rows[at][column] !== undefined) column += 1;
        const below = rows.slice(at, at + cell.rowSpan);
        below.forEach(function (line) { for (let next = 0; next < cell.colSpan; next += 1) line[column + next] = ""; });
        rows[at][column] = linesOf(cell);
      });
    });
    const width = Math.max.apply(null, rows.map(function (row) { return row.length; }));
    return rows.map(function (row) { return Array.from({ length: width }, function (_, at) { return row[at] || ""; }); });
  }

  // One row or one column is how pages and letters are laid out.
  function isTable(table) {
    return table.rows.length > 1 && Array.from(table.rows).some(function (row) { return row.cells.length > 1; });
  }

  function valueOf(table) {
    const first = Array.from(table.rows[0].cells);
    const headed = first.every(function (cell) { return cell.nodeName === "TH" || cell.querySelector("b, strong, [style*='font-weight:700']"); });
    return {
      data: rowsOf(table),
      cell: [],
      mergeCells: [],
      table_caption: table.caption ? linesOf(table.caption) : "",
      table_header_choice: headed ? "row" : "neither",
      first_row_is_table_header: headed,
      first_col_is_header: false
    };
  }

  // --- Pasting ----------------------------------------------------------------------------------------------

  function paste(editor, fragment) {
    const holder = document.implementation.createHTMLDocument("").createElement("div");
    holder.append(fragment);
    if (!linesOf(holder)) return;
    const data = new DataTransfer();
    data.setData("text/html", holder.innerHTML);
    data.setData("text/plain", linesOf(holder));
    ours = true;
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    ours = false;
  }

  function pasteInParts(page, tables, editor, place) {
    let index = place.stream.children.indexOf(place.child);
    function part(type, value) {
      index += 1;
      return place.stream.insert({ type: type, value: value }, index, {});
    }
    const range = page.createRange();
    range.setStart(page.body, 0);
    tables.forEach(function (table) {
      range.setEndBefore(table);
      const before = range.cloneContents();
      if (editor) paste(editor, before);
      else if (linesOf(before)) paste(newText(part), before);
      editor = null;
      part("table", valueOf(table));
      range.setStartAfter(table);
    });
    range.setEnd(page.body, page.body.childNodes.length);
    if (linesOf(range.cloneContents())) paste(newText(part), range.cloneContents());

    function newText(add) {
      const state = place.stream.blockDef.initialChildStates[place.child.type];
      return add(place.child.type, state).element.querySelector(".public-DraftEditor-content");
    }
  }

  function say(editor, place, tables, pictures) {
    const wrapper = editor.closest("[data-draftail-editor-wrapper]") || editor.closest(".Draftail-Editor");
    const field = wrapper.parentElement;
    field.querySelectorAll("[data-pasted]").forEach(function (old) { old.remove(); });
    if (!tables && !pictures) return;
    const box = document.createElement("div");
    box.className = "help-block help-warning";
    box.dataset.pasted = "";
    box.setAttribute("role", "status");
    [[tables, texts.tables], [pictures, texts.pictures]].forEach(function (line) {
      if (!line[0]) return;
      const words = document.createElement("p");
      words.textContent = line[1].replace("{count}", line[0]);
      box.append(words);
    });
    if (pictures && place && place.types.picture) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = texts.add;
      button.addEventListener("click", function () { place.child.addSibling({ type: "picture" }); });
      box.append(button);
    }
    wrapper.after(box);
  }

  document.addEventListener("paste", function (event) {
    const editor = event.target.closest && event.target.closest(".public-DraftEditor-content");
    if (ours || !editor) return;
    const found = window.pastedPictures(event.clipboardData);
    const place = placeOf(editor);
    const tables = Array.from(found.page.querySelectorAll("table")).filter(function (table) {
      return isTable(table) && !table.querySelector("table") && place && place.types.table;
    });
    say(editor, place, tables.length, found.count);
    if (!tables.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pasteInParts(found.page, tables, editor, place);
  }, true);
})();
