// Photos of a quick post: upright and small before they travel. What the browser cannot read goes as it is.
(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.8;

  function blobOf(canvas) {
    return window.photos.blobOf(canvas, QUALITY);
  }

  // {blob, alt, blurred, readable}; `readable` photos are JPEGs made here and can be blurred.
  async function prepared(file) {
    // An older browser would blur the wrong place.
    if (window.photos.UPRIGHT) {
      try {
        const canvas = await window.photos.canvasOf(file, LONGEST_SIDE);
        return { blob: await blobOf(canvas), alt: "", blurred: 0, readable: true };
      } catch (error) {
        // HEIC and the like: the server can read them.
      }
    }
    return { blob: file, alt: "", blurred: 0, readable: false };
  }

  window.quickpostPhotos = { prepared: prepared, canvasOf: window.photos.canvasOf, blobOf: blobOf, LONGEST_SIDE: LONGEST_SIDE };
})();
