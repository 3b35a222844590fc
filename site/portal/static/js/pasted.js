// What a paste brings that no text can hold. Nothing of it is fetched.
window.pastedPictures = function (clipboard) {
  "use strict";

  const page = new DOMParser().parseFromString(clipboard.getData("text/html"), "text/html");
  const found = Array.from(page.querySelectorAll("img, svg, object, embed, video, iframe"));
  const pictures = found.filter(function (element) {
    const name = (element.getAttribute("class") || "") + (element.getAttribute("src") || "");
    const sign = element.getAttribute("alt") || "";
    const isSign = /emoji/i.test(name) || /^\p{Extended_Pictographic}/u.test(sign); // a smile in a message
    return !isSign && !(Number(element.getAttribute("width") || 99) < 3); // nor what counts visits
  });
  // Word and Excel add a picture of the words themselves: a file counts where it comes alone.
  const alone = clipboard.types.includes("text/plain") || pictures.length ? [] : Array.from(clipboard.files);
  return { page: page, count: pictures.length + alone.length, files: alone };
};
