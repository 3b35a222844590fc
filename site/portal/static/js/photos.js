// Photos made small and upright in the browser, for quick posts and for tips.
(function () {
  "use strict";

  // Browsers that know this property draw photos upright; an older one would lay them on their side.
  const UPRIGHT = Boolean(window.CSS) && CSS.supports("image-orientation", "from-image");

  function pictureOf(blob) {
    return new Promise(function (resolve, reject) {
      const picture = new Image();
      const address = URL.createObjectURL(blob);
      picture.onload = function () { resolve(picture); };
      picture.onerror = function () { URL.revokeObjectURL(address); reject(new Error("unreadable")); };
      picture.src = address;
    });
  }

  function blobOf(canvas, quality) {
    return new Promise(function (resolve, reject) {
      canvas.toBlob(function (blob) { blob ? resolve(blob) : reject(new Error("no room")); }, "image/jpeg", quality);
    });
  }

  // Rejected for what this browser cannot read: HEIC and the like.
  async function canvasOf(blob, longestSide) {
    const picture = await pictureOf(blob);
    const scale = Math.min(1, longestSide / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(picture.src);
    return canvas;
  }

  // A smaller JPEG; the file itself where that would not be smaller or cannot be made.
  async function smaller(file, longestSide, quality) {
    if (!UPRIGHT) return file;
    try {
      const blob = await blobOf(await canvasOf(file, longestSide), quality);
      if (blob.size >= file.size) return file;
      const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
      return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
    } catch (error) {
      return file;
    }
  }

  window.photos = { UPRIGHT: UPRIGHT, canvasOf: canvasOf, blobOf: blobOf, smaller: smaller };
})();
