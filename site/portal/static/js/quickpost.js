// The screen of a quick post: photos, the draft in this browser, a second look, sending. All works without it.
(function () {
  "use strict";

  const form = document.getElementById("quickpost");
  if (!form || !form.dataset.user || !window.Promise || !window.URL) return;
  const texts = JSON.parse(document.getElementById("quickpost-texts").textContent);
  const key = form.dataset.user + ":" + form.dataset.post;
  const maxPhotos = Number(form.dataset.maxPhotos);
  const files = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-photos]");
  const photoErrors = form.querySelector("[data-errors=photos]");
  const trouble = form.querySelector("[data-trouble]");
  const progress = form.querySelector("[data-progress]");
  const review = form.querySelector("[data-review]");
  const buttons = Array.from(document.querySelectorAll("#quickpost [type=submit], [form=quickpost]"));
  const photos = [];
  form.classList.add("quickpost__form--scripted");
  let keeping = true; // whether this browser keeps drafts
  let done = false;
  let busy = false;
  let again = null; // what to send when the connection is back

  // --- Photos -------------------------------------------------------------------------------------------

  function saved() {
    return form.querySelectorAll("[data-saved-alt]").length - form.querySelectorAll(".quickpost__drop input:checked").length;
  }

  function show() {
    list.textContent = "";
    photos.forEach(function (photo, index) {
      const item = document.querySelector("template[data-photo]").content.cloneNode(true).firstElementChild;
      const picture = item.querySelector("img"), alt = item.querySelector("[data-alt]");
      const name = texts.photo.replace("{number}", index + 1);
      const blur = item.querySelector("[data-blur]"), note = item.querySelector("[data-note]");
      if (photo.readable) {
        picture.onload = function () { URL.revokeObjectURL(picture.src); };
        picture.src = URL.createObjectURL(photo.blob);
      }
      alt.value = photo.alt;
      alt.placeholder = texts.example;
      alt.addEventListener("input", function () { photo.alt = alt.value; keep(); });
      blur.textContent = texts.blur;
      blur.setAttribute("aria-label", name + ": " + texts.blur);
      blur.hidden = !photo.readable;
      blur.addEventListener("click", function () {
        window.quickpostBlur(photo.blob, function (blob, count) {
          photo.blob = blob;
          photo.blurred += count;
          changed(index, "[data-blur]");
        });
      });
      note.hidden = photo.readable && !photo.blurred;
      note.textContent = photo.readable ? texts.blurred.replace("{count}", photo.blurred) : texts.unreadable;
      const remove = item.querySelector("[data-remove]");
      remove.textContent = texts.remove;
      remove.setAttribute("aria-label", name + ": " + texts.remove);
      remove.addEventListener("click", function () {
        photos.splice(index, 1);
        changed(Math.max(0, index - 1), "[data-remove]");
      });
      list.appendChild(item);
    });
    window.quickpostCard(photos[0]);
  }

  function changed(index, focused) {
    show();
    const item = list.children[index];
    (item ? item.querySelector(focused) : files).focus();
    keep();
  }

  files.addEventListener("change", function () {
    const chosen = Array.from(files.files);
    // Emptied at once: what was chosen is sent from here, prepared.
    files.value = "";
    add(chosen);
  });

  async function add(chosen) {
    photoErrors.textContent = "";
    setBusy(texts.preparing);
    for (const file of chosen) {
      if (photos.length + saved() >= maxPhotos) { fault(photoErrors, texts.too_many); break; }
      photos.push(await window.quickpostPhotos.prepared(file));
    }
    setBusy("");
    show();
    keep();
  }
  window.quickpostAddPhotos = add;

  // --- The draft in this browser ------------------------------------------------------------------------

  const fields = function () {
    return Array.from(form.elements).filter(function (field) {
      return field.name && field.type !== "file" && field.type !== "submit" && field.name !== "csrfmiddlewaretoken";
    });
  };
  let waiting = null;

  function keep() {
    clearTimeout(waiting);
    waiting = setTimeout(store, 400);
  }

  async function store() {
    clearTimeout(waiting);
    if (done || !keeping) return;
    const values = fields().map(function (field) {
      return { name: field.name, value: field.value, checked: field.checked };
    });
    try {
      await window.quickpostDrafts.write(key, { saved: Date.now(), values: values, photos: photos });
    } catch (error) {
      keeping = false;
      say(texts.unsaved);
    }
  }

  async function restore() {
    let draft;
    try {
      draft = await window.quickpostDrafts.read(key);
    } catch (error) {
      keeping = false;
      return;
    }
    if (!draft) return;
    if (!("givenBack" in form.dataset)) {
      fields().forEach(function (field) {
        const same = draft.values.find(function (value) {
          return value.name === field.name && (field.type !== "radio" || value.value === field.value);
        });
        if (!same) return;
        if (field.type === "radio" || field.type === "checkbox") field.checked = same.checked;
        else field.value = same.value;
      });
    }
    photos.push.apply(photos, draft.photos);
    show();
    const notice = form.querySelector("[data-draft]");
    notice.querySelector("[data-draft-words]").textContent =
      texts.restored.replace("{when}", new Date(draft.saved).toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" }));
    notice.hidden = false;
  }

  form.querySelector("[data-forget]").addEventListener("click", async function () {
    done = true;
    await window.quickpostDrafts.forget(key);
    location.assign(location.pathname);
  });
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  document.addEventListener("visibilitychange", function () { if (document.hidden) store(); });

  // --- Sending ------------------------------------------------------------------------------------------

  function fault(place, words) {
    const line = document.createElement("p");
    line.className = "error-message";
    line.textContent = words;
    place.appendChild(line);
  }

  function say(words, link, label) {
    trouble.textContent = words;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = label;
      // Where no draft is kept this page must stay open.
      if (!keeping) anchor.target = "_blank";
      trouble.append(" ", anchor);
    }
    trouble.hidden = !words;
    if (words) trouble.scrollIntoView({ block: "center" });
  }

  function setBusy(words) {
    busy = Boolean(words);
    buttons.forEach(function (button) { button.disabled = busy; });
    progress.hidden = !busy;
    progress.querySelector("[data-progress-words]").textContent = words;
    progress.querySelector("[data-bar]").hidden = true;
  }

  function post(address, data, moved) {
    return new Promise(function (resolve, reject) {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", "application/json");
      request.timeout = 10 * 60 * 1000;
      request.upload.onprogress = moved || null;
      request.onerror = request.ontimeout = function () { reject(new Error("offline")); };
      request.onload = function () {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
        resolve({ status: request.status, answer: answer });
      };
      request.send(data);
    });
  }

  function dataOf(act, confirmed) {
    const data = new FormData(form);
    data.delete("photos");
    data.set("act", act);
    if (confirmed) data.set("confirmed", "1");
    photos.forEach(function (photo, index) {
      data.append("photos", photo.blob, photo.readable ? "anh-" + (index + 1) + ".jpg" : photo.blob.name || "anh");
      data.append("alt", photo.alt);
      data.append("focus", photo.focus ? photo.focus.join(" ") : "");
    });
    return data;
  }

  async function warnings() {
    const data = new FormData();
    ["csrfmiddlewaretoken", "title", "text"].forEach(function (name) { data.set(name, form.elements[name].value); });
    photos.forEach(function (photo) { data.append("alt", photo.alt); });
    form.querySelectorAll("[data-saved-alt]").forEach(function (input) {
      if (!input.closest("li").querySelector(".quickpost__drop input").checked) data.append("alt", input.value);
    });
    const reply = await post(form.dataset.check, data);
    // Whatever else it says (logged out, too old), sending says it again and in words.
    return (reply.answer && reply.answer.warnings) || [];
  }

  function showWarnings(found) {
    const lines = review.querySelector("[data-warnings]");
    lines.textContent = "";
    found.forEach(function (warning) {
      const line = document.createElement("li"), where = document.createElement("strong");
      where.textContent = warning.where + ": ";
      line.append(where, warning.what);
      if (warning.excerpt) {
        const quote = document.createElement("q");
        quote.textContent = warning.excerpt;
        line.append(" ", quote);
      }
      lines.appendChild(line);
    });
    review.hidden = false;
    review.querySelector("h2").focus();
    review.scrollIntoView({ block: "center" });
  }

  function showErrors(answer) {
    Object.keys(answer.errors || {}).forEach(function (name) {
      const place = form.querySelector("[data-errors=" + name + "]");
      answer.errors[name].forEach(function (words) { fault(place || trouble, words); });
      if (!place) trouble.hidden = false;
      else if (form.elements[name] && form.elements[name].focus) form.elements[name].focus();
    });
  }

  async function send(act, confirmed, retried) {
    again = null;
    say("");
    form.querySelectorAll("[data-errors]").forEach(function (place) { place.textContent = ""; });
    await store();
    try {
      if (act === "submit" && !confirmed) {
        setBusy(texts.checking);
        const found = await warnings();
        if (found.length) { setBusy(""); showWarnings(found); return; }
      }
      review.hidden = true;
      setBusy(texts.sending);
      const bar = progress.querySelector("[data-bar]");
      // Whatever was to be looked at has been shown: the server need not ask again.
      const reply = await post(form.action, dataOf(act, true), function (event) {
        if (!event.lengthComputable) return;
        bar.hidden = false;
        bar.value = Math.round(100 * event.loaded / event.total);
        progress.querySelector("[data-progress-words]").textContent = texts.percent.replace("{percent}", bar.value);
      });
      setBusy("");
      await answered(reply, act, confirmed, retried);
    } catch (error) {
      setBusy("");
      if (error.message !== "offline") { say(texts.failed); throw error; }
      again = function () { send(act, confirmed, retried); };
      say(texts.offline);
    }
  }

  async function answered(reply, act, confirmed, retried) {
    const answer = reply.answer;
    if (reply.status === 200 && answer && answer.url) {
      done = true;
      clearTimeout(waiting);
      try { await window.quickpostDrafts.forget(key); } catch (error) { /* none was kept */ }
      location.assign(answer.url);
    } else if (reply.status === 401 && answer) {
      say(texts.logged_out, answer.log_in, texts.log_in);
    } else if (reply.status === 403 && answer && answer.csrf && !retried) {
      // The token was from before a log-in; the new one comes with the answer.
      form.elements.csrfmiddlewaretoken.value = answer.csrf;
      await send(act, confirmed, true);
    } else if (answer && (answer.message || answer.errors)) {
      // Told of a newer text: what is sent next is sent in view of it.
      Object.entries(answer.seen || {}).forEach(function (mark) { form.elements[mark[0]].value = mark[1]; });
      say(answer.message || "", answer.link, texts.open);
      showErrors(answer);
    } else {
      say(texts.failed);
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (busy) return;
    const button = event.submitter || document.activeElement;
    const confirmed = Boolean(button) && button.name === "confirmed";
    send(button && button.value === "draft" ? "draft" : "submit", confirmed, false);
  });
  form.querySelector("[data-correct]").addEventListener("click", function () {
    review.hidden = true;
    form.elements.title.focus();
  });
  window.addEventListener("online", function () {
    if (!again) return;
    say(texts.retrying);
    again();
  });

  show();
  restore();
})();
