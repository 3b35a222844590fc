// What was written, to be read again before it goes; each step with a button that leads back to it.
(function () {
  "use strict";

  function all(selector, root) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  function fileNames(form) {
    var up = all("[name=upload]:checked", form).map(function (box) {
      return box.closest("li").querySelector(".file__name").textContent;
    });
    return up.concat(Array.prototype.map.call(form.querySelector("[name=attachments]").files || [], function (file) { return file.name; }));
  }

  function answer(block) {
    var radio = block.querySelector("input[type=radio]:checked, input[name=about]:checked");
    if (radio) return radio.closest("label").textContent.trim();
    var input = block.querySelector("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=file])");
    if (!input) return "";
    if (input.tagName === "SELECT") return input.selectedOptions[0].textContent;
    return input.type === "date" ? input.value.split("-").reverse().join("/") : input.value.trim();
  }

  window.tipReview = function (form, goTo) {
    var list = form.querySelector("[data-review]");
    list.textContent = "";
    list.hidden = false;
    all(".stage", form).slice(0, -1).forEach(function (step, number) {
      var lines = all(".field, .about", step).filter(function (block) { return !block.hidden && answer(block); });
      var name = document.createElement("dt");
      name.textContent = step.dataset.step;
      var change = document.createElement("button");
      change.type = "button";
      change.className = "review__change";
      change.textContent = list.dataset.change;
      change.setAttribute("aria-label", list.dataset.change + ": " + step.dataset.step);
      change.addEventListener("click", function () { goTo(number); });
      var said = document.createElement("dd");
      lines.forEach(function (block) {
        var line = document.createElement("p");
        line.textContent = answer(block);
        said.appendChild(line);
      });
      if (step.querySelector("[name=attachments]")) said.textContent = fileNames(form).join(", ") || "–";
      if (!said.textContent) said.textContent = "–";
      name.appendChild(change);
      list.appendChild(name);
      list.appendChild(said);
    });
  }
})();
