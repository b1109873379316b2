/* The copy of not yet acknowledged answers: AES-GCM under a key that cannot be read out, one row in IndexedDB.
   Only where the page is a secure context; elsewhere `secure` is false and nothing is kept. */
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
        tx.onerror = () => { open.result.close(); fail(tx.error); };
      };
    });
  }

  /* One after the other, so that a wipe asked for later is never overtaken by an older copy. */
  let turn = Promise.resolve();
  const queued = (work) => (turn = turn.then(work).catch(() => {}));
  const wipe = () => (secure ? queued(() => store("readwrite", (rows) => rows.clear())) : Promise.resolve());

  function keep(id, data) {
    if (!secure) return;
    queued(async () => {
      const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(data)));
      await store("readwrite", (rows) => rows.put({ id, key, iv, text }, "one"));
    });
  }

  /* The copy of this sitting, or null; a copy of any other sitting (a shared machine) is wiped unread. */
  async function kept(id) {
    try {
      const row = secure && await store("readonly", (rows) => rows.get("one"));
      if (!row) return null;
      if (row.id !== id) throw new Error("another sitting");
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, row.key, row.text)));
    } catch (error) {
      await wipe();
      return null;
    }
  }

  window.answerCopy = { secure, keep, kept, wipe };
  if (document.body.hasAttribute("data-wipe")) wipe();
})();
