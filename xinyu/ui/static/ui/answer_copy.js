/* The copy of not yet acknowledged answers: AES-GCM, one row in IndexedDB, under a key that came with the page and is
   written down nowhere here: whoever reads the browser's storage reads nothing. The page brings the key again to whoever
   comes in with the same code. Only where the page is a secure context; elsewhere `secure` is false, nothing is kept. */
(function () {
  "use strict";
  const secure = Boolean(window.isSecureContext && window.crypto && crypto.subtle && window.indexedDB);

  function store(mode, work) {
    return new Promise((done, fail) => {
      const open = indexedDB.open("xinyu-answer", 1);
      open.onupgradeneeded = () => open.result.createObjectStore("draft");
      open.onerror = () => fail(open.error);
      open.onsuccess = () => {
        const tx = open.result.transaction("draft", mode);
        const ask = work(tx.objectStore("draft"));
        tx.oncomplete = () => { open.result.close(); done(ask.result); };
        tx.onerror = tx.onabort = () => { open.result.close(); fail(tx.error); };
      };
    });
  }

  const opened = (secret) => crypto.subtle.importKey("raw", Uint8Array.from(atob(secret), (c) => c.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]);

  /* One after the other, so that a wipe asked for later is never overtaken by an older copy. */
  let turn = Promise.resolve();
  const queued = (work) => (turn = turn.then(work).then(() => true, () => false));
  const wipe = () => (secure ? queued(() => store("readwrite", (rows) => rows.clear())) : Promise.resolve(false));

  /* A promise of whether it lies there now. */
  function keep(id, secret, data) {
    if (!secure) return Promise.resolve(false);
    return queued(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const name = new TextEncoder().encode(id);
      const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: name }, await opened(secret), new TextEncoder().encode(JSON.stringify(data)));
      await store("readwrite", (rows) => rows.put({ id, iv, text }, "one"));
    });
  }

  /* The copy of this sitting, or null; a copy of any other sitting (a shared machine) is wiped unread. */
  async function kept(id, secret) {
    try {
      const row = secure && await store("readonly", (rows) => rows.get("one"));
      if (!row) return null;
      if (row.id !== id) throw new Error("another sitting");
      const name = new TextEncoder().encode(id);
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: name }, await opened(secret), row.text)));
    } catch (error) {
      await wipe();
      return null;
    }
  }

  window.answerCopy = { secure, keep, kept, wipe };
  if (document.body.hasAttribute("data-wipe")) wipe();
  /* A page that the browser took out of its memory, after Back, is asked for anew. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
