// One file on its way up by tus, in pieces: tried again as long as it takes, and on from where a line broke.
// Needs tus-js-client; uploads.js loads both with the first file that is chosen.
(function () {
  "use strict";

  const PIECE = 256 * 1024; // bytes of one request: what a cut may cost
  const SLOWEST = 90 * 1000; // milliseconds for one piece, then the line counts as dead
  const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds before another try; the last one over and over
  const MOST_FAULTS = 5; // answers of a server that is there and does not manage, one after the other
  // A server that restarts, or an upload that another request holds.
  const PASSING = [408, 409, 423, 500, 502, 503, 504];

  // `upload`: {file, endpoint, address, key, begun(address), progressed(bytes), broken(), crowded(seconds)}, `address`
  // null for a new one. `outcome` is a promise of "up", "too-large", "other-type", "unreadable", "impossible", "stopped".
  window.resumable = function (upload) {
    let stopped = false;
    let giveUp = null; // ends what is waited for
    let client = null;

    function once() {
      return new Promise(function (resolve, reject) {
        giveUp = reject;
        client = new window.tus.Upload(upload.file, {
          endpoint: upload.endpoint,
          uploadUrl: upload.address,
          headers: { "Upload-Key": upload.key },
          chunkSize: PIECE,
          retryDelays: null,
          storeFingerprintForResuming: false,
          fingerprint: function () { return Promise.resolve(null); },
          onBeforeRequest: function (request) { endWhenDead(request.getUnderlyingObject()); },
          onUploadUrlAvailable: function () {
            upload.address = client.url;
            upload.begun(client.url);
          },
          onProgress: upload.progressed,
          onSuccess: resolve,
          onError: reject
        });
        client.start();
      });
    }

    // The client alone would wait for ever on a line that is silent.
    function endWhenDead(request) {
      request.timeout = SLOWEST;
      request.ontimeout = function (event) { request.onerror(event); };
    }

    // A file that changed or that its app took back ends every request as a dead line does.
    function isReadable() {
      return new Response(upload.file.slice(0, 1)).arrayBuffer().then(function () { return true; }, function () { return false; });
    }

    function pause(seconds) {
      return new Promise(function (resolve) {
        function go() {
          window.clearTimeout(timer);
          window.removeEventListener("online", go);
          resolve();
        }
        const timer = window.setTimeout(go, seconds * 1000);
        window.addEventListener("online", go);
        giveUp = go;
      });
    }

    async function send() {
      let tries = 0, faults = 0;
      while (!stopped) {
        try {
          await once();
          return "up";
        } catch (error) {
          if (stopped) break;
          const response = error.originalResponse;
          const status = response ? response.getStatus() : 0;
          if (status === 413) return "too-large";
          if (status === 415) return "other-type";
          if (status === 429) {
            const seconds = Number(response.getHeader("Retry-After")) || 60;
            upload.crowded(seconds);
            await pause(seconds);
            continue;
          }
          if (!status && !(await isReadable())) return "unreadable";
          faults = status ? faults + 1 : 0;
          // An upload that is gone begins anew.
          const passes = !status || PASSING.includes(status) || (status === 404 && upload.address);
          if (!passes || faults === MOST_FAULTS) return "impossible";
          // Bytes arrived whose answer did not, and the browser sent them again by itself: asked at once.
          if (status === 409) continue;
          upload.broken();
          await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
          tries += 1;
        }
      }
      return "stopped";
    }

    return {
      outcome: send(),
      stop: function () {
        stopped = true;
        if (client) client.abort();
        giveUp(new Error("stopped"));
      }
    };
  };
})();
