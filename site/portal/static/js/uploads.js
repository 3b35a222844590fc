// Files of a form go up as they are chosen: one after the other, in pieces, and on from where a line broke (tus).
// What is not up yet stays in the file input: whenever the form is sent, it carries that itself. Names and keys
// are in this page alone; nothing is stored in the browser.
(function () {
  "use strict";

  const MAX_FILES = 5;
  const MAX_BYTES = 25 * 1024 * 1024;
  const LONGEST_SIDE = 2560; // pixels
  const QUALITY = 0.85;
  // What a file is: being made smaller; on its way; up; in part up, waiting to be chosen again; left to the form;
  // left out; taken out.
  const PREPARING = 1, GOING = 2, UP = 3, HALF = 4, STAYS = 5, REFUSED = 6, DROPPED = 7;

  function isPicture(file) {
    return /^image\/(?!gif|svg)/.test(file.type);
  }

  function drawnKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function isSame(file, other) {
    return file.name === other.name && file.size === other.size && file.lastModified === other.lastModified;
  }

  function attach(form) {
    const tools = form.querySelector("[data-add-files]");
    const words = tools.dataset;
    const input = form.querySelector("input[type=file]");
    const list = form.querySelector("[data-files]");
    const original = tools.querySelector("[data-original]");
    const rows = window.uploadRows(tools, list);
    let items = [];
    let travelling = false;
    let preparing = Promise.resolve();
    let whenReady = [];
    tools.hidden = false;

    function addressOf(item) {
      return words.endpoint + item.id + "/";
    }

    function handleOf(item) {
      return item.id ? [item.id, item.key, item.name].join(".") : "";
    }

    function those(...states) {
      return items.filter(function (item) { return states.includes(item.state); });
    }

    function added(values) {
      const item = Object.assign({ id: "", key: drawnKey(), offset: 0, state: PREPARING }, values);
      items.push(item);
      rows.add(item, function () { takeOut(item); });
      return item;
    }

    function countOfFiles() {
      return those(PREPARING, GOING, UP, HALF, STAYS).length;
    }

    // The input holds what is not up, whatever becomes of it.
    function changed() {
      const kept = new DataTransfer();
      those(PREPARING, GOING, STAYS).forEach(function (item) { kept.items.add(item.file); });
      input.files = kept.files;
      form.toggleAttribute("data-full", countOfFiles() >= MAX_FILES);
      form.dispatchEvent(new CustomEvent("tipuploads:change"));
      if (busy()) return;
      whenReady.forEach(function (resolve) { resolve(); });
      whenReady = [];
    }

    function refuse(item, told, field) {
      item.state = REFUSED;
      forget(item);
      rows.tellWrong(item, told, field);
      changed();
    }

    function forget(item) {
      if (item.id) ask("DELETE", item).catch(function () { /* it ends by itself within a day */ });
      item.id = "";
    }

    function drop(item) {
      item.state = DROPPED;
      if (item.travel) item.travel.stop();
      forget(item);
      rows.remove(item);
      items = items.filter(function (other) { return other !== item; });
    }

    function takeOut(item) {
      const next = items[items.indexOf(item) + 1];
      drop(item);
      rows.say(item, words.wordsDropped);
      changed();
      (next ? next.row.querySelector("button") : input).focus();
    }

    // --- Choosing -------------------------------------------------------------------------------------------

    function takeChosen() {
      const chosen = Array.from(input.files);
      // Another try of what was left out.
      those(REFUSED).filter(function (item) {
        return chosen.some(function (file) { return file.name === item.name; });
      }).forEach(drop);
      const taken = chosen.filter(isNew).map(judged).filter(Boolean);
      changed();
      // One after the other: a phone has no room for several pictures at once.
      taken.forEach(function (item) {
        preparing = preparing.then(function () { return prepare(item); });
      });
    }

    function isNew(file) {
      return !items.some(function (item) {
        return (item.chosen && isSame(item.chosen, file)) || (item.file && isSame(item.file, file));
      });
    }

    // Its row, if it may go.
    function judged(file) {
      const half = halfOf(file);
      if (half) {
        goOn(half, file, file);
        return null;
      }
      const others = countOfFiles();
      const item = added({ name: file.name, size: file.size, chosen: file, file: file });
      item.shrinks = isPicture(file) && !original.checked;
      rows.show(item, item.shrinks ? words.wordsPreparing : words.wordsWaiting);
      if (!file.size) return refuse(item, words.wordsEmpty);
      if (file.size > MAX_BYTES && !item.shrinks) return refuse(item, words.wordsTooLarge, "too-large");
      if (others >= MAX_FILES) return refuse(item, words.wordsTooMany, "too-many");
      return item;
    }

    async function prepare(item) {
      const small = item.shrinks ? await smaller(item.file) : item.file;
      if (item.state === DROPPED) return;
      if (small.size > MAX_BYTES) return refuse(item, words.wordsTooLarge, "too-large");
      const half = halfOf(small);
      if (half) drop(item);
      goOn(half || item, small, item.chosen);
    }

    async function smaller(file) {
      try {
        await window.tipPage.load(words.photos);
      } catch (error) {
        return file;
      }
      return window.photos.smaller(file, LONGEST_SIDE, QUALITY);
    }

    // A file of which a part went up before the page was loaded again.
    function halfOf(file) {
      return those(HALF).find(function (item) { return item.name === file.name && item.size === file.size; });
    }

    function goOn(item, file, chosen) {
      Object.assign(item, { file: file, chosen: chosen, name: file.name, size: file.size, state: GOING, wrong: false });
      rows.show(item, words.wordsWaiting);
      changed();
      travel();
    }

    // --- Going up -------------------------------------------------------------------------------------------

    function ask(method, item) {
      const headers = { "Tus-Resumable": "1.0.0", "Upload-Key": item.key };
      return fetch(addressOf(item), { method: method, headers: headers, keepalive: true });
    }

    // One after the other: each has the whole line.
    async function travel() {
      if (travelling) return;
      travelling = true;
      for (let next = those(GOING)[0]; next; next = those(GOING)[0]) await send(next);
      travelling = false;
    }

    async function send(item) {
      try {
        await Promise.all([words.tus, words.resumable].map(window.tipPage.load));
      } catch (error) {
        return settle(item, STAYS, words.wordsStays);
      }
      if (item.state !== GOING) return;
      item.travel = window.resumable({
        file: item.file,
        endpoint: words.endpoint,
        address: item.id ? addressOf(item) : null,
        key: item.key,
        begun: function (address) {
          item.id = address.split("/").filter(Boolean).pop();
          changed();
        },
        progressed: function (bytes) {
          item.offset = bytes;
          rows.tellProgress(item, words.wordsGoing);
        },
        broken: function () { rows.tell(item, words.wordsBroken); },
        crowded: function (seconds) { rows.tell(item, words.wordsCrowded.replace("{seconds}", seconds)); }
      });
      const outcome = await item.travel.outcome;
      if (outcome === "up") settle(item, UP, words.wordsUp);
      else if (outcome === "impossible") settle(item, STAYS, words.wordsStays);
      else if (outcome === "too-large") refuse(item, words.wordsTooLarge, "too-large");
      else if (outcome === "other-type") refuse(item, words.wordsOtherType);
      else if (outcome === "unreadable") refuse(item, words.wordsUnreadable);
    }

    function settle(item, state, told) {
      item.state = state;
      item.percent = undefined;
      if (state === UP) {
        item.offset = item.size;
        item.file = null;
        rows.tick(item, handleOf(item));
      }
      rows.tell(item, told);
      changed();
    }

    // --- For the form ---------------------------------------------------------------------------------------

    function busy() {
      return "recording" in form.dataset || those(PREPARING, GOING).length > 0;
    }

    function ready() {
      form.dispatchEvent(new CustomEvent("tipuploads:finish"));
      return new Promise(function (resolve) {
        if (busy()) whenReady.push(resolve);
        else resolve();
      });
    }

    function listed() {
      return those(PREPARING, GOING, UP, HALF, STAYS).map(function (item) {
        const done = item.state === UP;
        return { handle: handleOf(item), name: item.name, size: item.size, offset: item.offset, done: done };
      });
    }

    // What was listed before the page was loaded again; the server says what is left of it.
    async function restoreOne(saved) {
      const [id, key] = saved.handle.split(".");
      if (id && items.some(function (item) { return item.id === id; })) return;
      const { name, size, offset, done } = saved;
      const item = added({ name: name, size: size, offset: offset, id: id, key: key || drawnKey(), state: HALF });
      if (done) settle(item, UP, words.wordsUp);
      else waitForFile(item);
      const response = id ? await ask("HEAD", item).catch(function () { return null; }) : null;
      // Without an answer it stays as it was: the server looks again when the form is sent.
      if (!response || (item.state !== HALF && item.state !== UP)) return;
      if (response.status === 404) {
        refuse(item, words.wordsGone);
      } else if (response.ok) {
        item.size = Number(response.headers.get("Upload-Length"));
        item.offset = Number(response.headers.get("Upload-Offset"));
        if (item.offset === item.size) settle(item, UP, words.wordsUp);
        else waitForFile(item);
      }
    }

    function waitForFile(item) {
      item.state = HALF;
      item.wrong = true;
      rows.tick(item, "");
      rows.show(item, words.wordsHalf);
    }

    async function restore(saved) {
      await Promise.all(saved.map(restoreOne));
      changed();
    }

    function discard() {
      form.dispatchEvent(new CustomEvent("tipuploads:discard"));
      items.forEach(drop);
      changed();
    }

    // What the server lists in a form that is given back is up; what was chosen before this script came waits.
    const upBefore = Array.from(list.querySelectorAll("[data-upload]"), function (row) {
      const handle = row.dataset.upload;
      row.remove();
      return { handle: handle, name: handle.split(".").slice(2).join("."), size: 0, offset: 0, done: true };
    });
    if (upBefore.length) restore(upBefore);
    if (input.files.length) takeChosen();
    input.addEventListener("change", takeChosen);
    form.addEventListener("reset", discard);

    return { list: listed, restore: restore, ready: ready, busy: busy, discard: discard };
  }

  // Where it cannot work the files go with the form.
  function works() {
    try {
      return Boolean(new DataTransfer() && window.fetch && window.crypto && window.File);
    } catch (error) {
      return false;
    }
  }

  window.tipUploads = { attach: function (form) { return works() ? attach(form) : null; } };
})();
