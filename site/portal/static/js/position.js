// At a tap, and never before, asks the phone where it is and writes the answer into the field beside: there it is
// read, changed or taken out before anything is sent.
(function () {
  "use strict";

  const WAIT = 30 * 1000; // milliseconds
  const ROUGH = 1000; // metres: worse than this is said
  const DENIED = 1; // GeolocationPositionError.PERMISSION_DENIED
  const language = document.documentElement.lang;

  if (!navigator.geolocation || !window.isSecureContext) return;
  begin();
  document.addEventListener("tip:form", begin); // a form that takes the place of another

  function begin() {
    Array.from(document.querySelectorAll("[data-position-for]:not([data-attached])")).forEach(attach);
  }

  function number(value, digits) {
    const places = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false };
    return value.toLocaleString(language, places);
  }

  // Rounded up: "20 m", "3 km".
  function distance(metres) {
    if (metres >= ROUGH) return number(Math.ceil(metres / 1000), 0) + " km";
    return number(Math.max(10, Math.ceil(metres / 10) * 10), 0) + " m";
  }

  function attach(part) {
    const field = document.getElementById(part.dataset.positionFor);
    const words = part.dataset;
    const locate = part.querySelector("[data-locate]");
    const drop = part.querySelector("[data-drop]");
    const said = part.querySelector("[data-said]");
    let written = ""; // what this script put into the field
    part.hidden = false;
    part.dataset.attached = "";

    function say(told) {
      said.textContent = told;
    }

    function setField(value) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function takeOut() {
      if (written) setField(field.value.replace(written, "").trim());
      written = "";
      drop.hidden = true;
    }

    function found(position) {
      const place = position.coords;
      const within = distance(place.accuracy);
      takeOut();
      const told = words.wordsPosition
        .replace("{latitude}", number(place.latitude, 5))
        .replace("{longitude}", number(place.longitude, 5))
        .replace("{distance}", within);
      written = field.value.trim() ? " – " + told : told;
      setField(field.value.trim() + written);
      drop.hidden = false;
      locate.disabled = false;
      say(place.accuracy > ROUGH ? words.wordsRough.replace("{distance}", within) : words.wordsDone);
    }

    function failed(error) {
      locate.disabled = false;
      say(error.code === DENIED ? words.wordsDenied : words.wordsFailed);
    }

    locate.addEventListener("click", function () {
      locate.disabled = true;
      say(words.wordsAsking);
      const exactly = { enableHighAccuracy: true, timeout: WAIT, maximumAge: 0 };
      navigator.geolocation.getCurrentPosition(found, failed, exactly);
    });
    drop.addEventListener("click", function () {
      takeOut();
      say(words.wordsDropped);
      locate.focus();
    });
    field.form.addEventListener("reset", function () {
      written = "";
      drop.hidden = true;
      say("");
    });
  }
})();
