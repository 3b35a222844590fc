// Photos of a quick post: upright and small before they travel. What the browser cannot read goes as it is.
(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.8;
  // Browsers that know this property draw photos upright; an older one would blur the wrong place.
  const UPRIGHT = window.CSS && CSS.supports("image-orientation", "from-image");

  function pictureOf(blob) {
    return new Promise(function (resolve, reject) {
      const picture = new Image();
      const address = URL.createObjectURL(blob);
      picture.onload = function () { resolve(picture); };
      picture.onerror = function () { URL.revokeObjectURL(address); reject(new Error("unreadable")); };
      picture.src = address;
    });
  }

  function blobOf(canvas) {
    return new Promise(function (resolve, reject) {
      canvas.toBlob(function (blob) { blob ? resolve(blob) : reject(new Error("no room")); }, "image/jpeg", QUALITY);
    });
  }

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

  // {blob, alt, blurred, readable}; `readable` photos are JPEGs made here and can be blurred.
  async function prepared(file) {
    if (UPRIGHT) {
      try {
        const canvas = await canvasOf(file, LONGEST_SIDE);
        return { blob: await blobOf(canvas), alt: "", blurred: 0, readable: true };
      } catch (error) {
        // HEIC and the like: the server can read them.
      }
    }
    return { blob: file, alt: "", blurred: 0, readable: false };
  }

  window.quickpostPhotos = { prepared: prepared, canvasOf: canvasOf, blobOf: blobOf, LONGEST_SIDE: LONGEST_SIDE };
})();
