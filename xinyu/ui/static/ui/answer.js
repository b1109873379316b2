/* Saves each page with a rising revision, retries, and shows a receipt only after the server has committed. */
(function () {
  "use strict";
  const form = document.getElementById("answer");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const local = window.answerCopy;
  const set = form.dataset;
  const boxesOf = (part) => Array.from(part.querySelectorAll("[data-item]"));
  const pages = Array.from(form.querySelectorAll("[data-page]"));
  const items = boxesOf(form);
  const lead = document.querySelector("main > .lead"), say = $("saved"), left = $("left"), bar = form.querySelector(".progress");
  const [back, next, hand] = ["[data-back]", "[data-next]", "[data-submit]"].map((name) => form.querySelector(name));
  const seconds = {}, touched = {};
  let revision = Number(set.revision), acked = revision, changed = false, turnIn = false, wish = false, safe = false;
  let page = 0, tries = 0, timer = 0, busy = false, over = false, asked = false, since = Date.now(), awake = Date.now();
  const OFTEN = 20000, HERE = 60000;

  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : hex(crypto.getRandomValues(new Uint8Array(16)))
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5"));
  let key = form.elements.key.value || newKey();

  const missing = (boxes) => boxes.filter((box) => !box.querySelector("input:checked"));
  const answers = () => Object.fromEntries(items.map((box) => [box.dataset.item, box.querySelector("input:checked")])
    .filter((pair) => pair[1]).map(([n, input]) => [n, Number(input.value)]));
  const choose = (n, value) => {
    const input = form.querySelector('[data-item="' + n + '"] input[value="' + value + '"]');
    if (input) input.checked = true;
  };
  const body = () => ({ scale: set.scale, revision, base: acked, answers: answers(), seconds });
  const isPending = () => changed || turnIn || wish || revision !== acked;
  const copy = () => local.keep(set.draft, set.copyKey, { ...body(), wish }).then((lies) => { safe = lies; });

  function tell(text, trouble) {
    if (say.textContent !== text) say.textContent = text;
    say.classList.toggle("trouble", Boolean(trouble));
  }
  const where = () => (safe
    ? "还没有送达的答案已加密存在这台设备上，关掉浏览器也不会丢，用同一个作答码再进来会自动补上。"
    : "这台设备不能安全地存下来，还没有送达的答案只在这一页里，请不要关闭或刷新。");
  const post = (url, data) => fetch(url, {
    method: "POST", credentials: "same-origin", redirect: "manual", keepalive: true, body: JSON.stringify(data),
    signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });

  /* A redirect (status 0) or 403, 404: the sitting is no longer this browser's. 409 without a revision: it is over. */
  const refused = (status) => status === 0 || (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status));
  function stop(status) {
    over = true;
    if (![0, 403, 404].includes(status)) return tell("这次作答已经结束或被老师关闭，刚才的改动没有保存。请告诉老师，先不要关闭这一页。", true);
    tell("这一页已经退出。已经保存的都在。" + where() + (safe ? "请用作答码重新进来。" : "请告诉老师。"), true);
    $("again").hidden = !safe;
  }
  function again() {
    tries += 1;
    const wait = Math.min(30, 2 ** Math.min(tries - 1, 5)) * (0.75 + Math.random() / 2);
    tell("网络不稳，正在重试。你的答案还在。" + where(), true);
    clearTimeout(timer);
    timer = setTimeout(send, wait * 1000);
  }

  /* Another device was faster. What is blank here is filled in; where both say something, the answer given here counts
     only if somebody has just given it. Nothing that changes on the screen is handed in unseen. */
  function takeIn(data) {
    let seen = false;
    const mine = answers(), theirs = data.answers || {};
    for (const [n, value] of Object.entries(theirs)) {
      if (mine[n] === value || (n in mine && !document.hidden && Date.now() - (touched[n] || 0) < HERE)) continue;
      choose(n, value);
      seen = true;
    }
    acked = revision = Math.max(revision, Number(data.saved));
    const now = answers();
    changed = Object.keys(now).some((n) => now[n] !== theirs[n]);
    count();
    if (seen) {
      if (turnIn) stand(false);
      tell("这份问卷刚才在别的设备上有新的改动，已经合在一起，请看一下再继续。", true);
    }
    tries += 1;
    timer = setTimeout(send, Math.min(10000, 300 * tries));
  }

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (busy || over || (!turnIn && !changed && revision === acked)) return;
    busy = true;
    if (changed) { revision += 1; changed = false; copy(); }
    const last = turnIn, sent = revision;
    let reply = null, data = {};
    try {
      reply = await post(last ? set.submitUrl : set.saveUrl, last ? { key, ...body() } : body());
      if (reply.ok || reply.status === 409) data = await reply.json();
    } catch (error) { reply = null; }
    busy = false;
    if (reply && refused(reply.status)) return stop(reply.status);
    if (reply && reply.status === 409) return data.saved === undefined ? stop(409) : takeIn(data);
    if (!reply || !reply.ok || (last ? !data.next : data.saved === undefined)) return again();
    tries = 0;
    if (last) return finish(data);
    acked = sent;
    if (changed || turnIn) return send();
    tell("已保存");
    if (!wish) local.wipe();
    if (data.shut && !wish) return finish({ next: data.shut });
  }
  async function finish(data) {
    over = true;
    tell(data.receipt ? "已交卷，回执编号 " + data.receipt : "已保存");
    await local.wipe();
    location.replace(data.next);
  }

  function count() {
    const done = items.length - missing(items).length;
    bar.hidden = false;
    bar.firstElementChild.max = items.length;
    bar.firstElementChild.value = done;
    bar.lastElementChild.textContent = "第 " + (page + 1) + " / " + pages.length + " 页，已答 " + done + " / " + items.length + " 题";
  }
  function show(number, focus) {
    page = number;
    pages.forEach((part, i) => { part.hidden = i !== page; });
    if (lead) lead.hidden = page > 0;  /* read once: later the question itself stands at the top */
    back.hidden = page === 0 || set.back === "no";
    next.hidden = page === pages.length - 1;
    hand.hidden = !next.hidden;
    since = Date.now();
    settle();
    count();
    if (focus) { $("main").focus(); window.scrollTo(0, 0); }
    document.dispatchEvent(new CustomEvent("answer:page", { detail: pages[page] }));
  }
  function settle() { asked = false; left.hidden = true; }

  /* Unanswered items are named once, kindly; a second press goes on, unless the scale wants every item. */
  function gaps(boxes, verb) {
    const open = missing(boxes), all = set.skip === "no";
    if (!open.length || (asked && !all)) { settle(); return false; }
    asked = true;
    open.forEach((box) => box.classList.add("open-item"));
    left.textContent = "第 " + open.map((box) => box.dataset.item).join("、") + " 题还没有选。" + (all
      ? "这份问卷请每题选一个最接近的；不想作答，可以点下面的“不想作答”。"
      : "可以补上；不想答的也可以空着，再点一次“" + verb + "”。");
    left.hidden = false;
    return true;
  }
  /* From here on the answers stand still: the same key must always carry the same body. */
  function stand(still) {
    turnIn = hand.disabled = still;
    if (!still) key = newKey();
    back.hidden = still || page === 0 || set.back === "no";
    items.forEach((box) => { box.disabled = still; });
  }

  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-item]");
    const n = box.dataset.item;
    seconds[n] = Math.round(((seconds[n] || 0) + (Date.now() - since) / 1000) * 10) / 10;
    since = touched[n] = Date.now();
    changed = true;
    settle();
    box.classList.remove("open-item");
    count();
    copy();
    timer = timer || setTimeout(send, OFTEN);
  });
  next.addEventListener("click", () => { if (!gaps(boxesOf(pages[page]), "下一页")) { show(page + 1, true); send(); } });
  back.addEventListener("click", () => { show(page - 1, true); send(); });

  async function leave(button) {
    if (!window.confirm(button.dataset.ask)) return;
    over = true;
    items.forEach((box) => { box.disabled = false; });  /* a hand-in on its way made them stand still; unsent they would be unread */
    form.elements.revision.value = revision;
    if (button.value === "not_me") await local.wipe();
    form.action = button.formAction;
    form.submit();
  }
  /* A wish to talk is never dropped: it is rung until it has arrived, and lies in the copy meanwhile. */
  async function talk() {
    const reply = await post(set.talkUrl, { scale: set.scale, do: "talk" }).catch(() => null);
    if (reply && refused(reply.status)) return stop(reply.status);
    wish = !(reply && reply.ok);
    if (!wish) {
      if (!isPending()) local.wipe();
      return tell("已告诉心理老师，老师会找合适的时候和你聊。你可以继续作答，也可以停下来。");
    }
    copy();
    setTimeout(() => { if (wish && !over) talk(); }, 8000);
    tell("暂时没有送达，会一直重试。着急的话，请直接告诉身边的老师，也可以拨打 12356。", true);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter || hand;
    if (button.hasAttribute("data-ask")) return leave(button);
    if (button.hasAttribute("data-talk")) return talk();
    if (hand.hidden) return next.click();
    if (over || turnIn || gaps(items, hand.textContent)) return;
    stand(true);
    tell("正在提交…");
    send();
  });

  document.addEventListener("visibilitychange", () => { since = Date.now(); if (document.hidden) send(); });
  window.addEventListener("online", () => { if (tries) { tries = 0; send(); } });
  window.addEventListener("beforeunload", (event) => { if (!over && isPending()) event.preventDefault(); });

  /* Shared machines: whoever went away has left. Only when everything has arrived; the code opens it again. */
  const idle = Number(set.idle) * 1000, warning = Math.min(60000, idle / 2);
  ["pointerdown", "keydown", "wheel", "touchmove", "scroll"].forEach((name) => window.addEventListener(name, () => {
    awake = Date.now();
    if (say.dataset.idle) { delete say.dataset.idle; tell(""); }
  }, { passive: true }));
  setInterval(() => {
    const gone = Date.now() - awake;
    if (over || gone < idle - warning) return;
    if (isPending()) { if (!busy && !timer) send(); return; }
    if (gone < idle) { say.dataset.idle = "1"; return tell("还在吗？过一会儿会自动退出。已经保存的都在，用同一个作答码可以接着答。"); }
    over = true;
    location.replace(set.door);
  }, Math.min(5000, idle / 8));

  (async () => {
    const draft = await local.kept(set.draft, set.copyKey), before = answers();
    if (draft && draft.scale === set.scale) {
      const mine = draft.base === revision || draft.revision === revision;
      for (const [n, value] of Object.entries(draft.answers)) {
        if (before[n] === value || (n in before && !mine)) continue;
        choose(n, value);
        changed = true;
      }
      Object.assign(seconds, draft.seconds);
      if (changed) tell("已找回上次还没有送达的答案。");
      if (draft.wish) talk();
      else if (!changed) local.wipe();
    }
    const first = pages.findIndex((part) => missing(boxesOf(part)).length);
    show(first < 0 ? pages.length - 1 : first);
    form.setAttribute("data-open", "");
    send();
  })();
})();
