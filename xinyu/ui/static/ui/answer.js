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
  const say = $("saved"), left = $("left"), bar = form.querySelector(".progress");
  const [back, next, hand] = ["[data-back]", "[data-next]", "[data-submit]"].map((name) => form.querySelector(name));
  const seconds = {};
  let revision = Number(set.revision), acked = revision, changed = false, turnIn = false;
  let page = 0, tries = 0, timer = 0, busy = false, over = false, asked = false, since = Date.now();

  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const key = form.elements.key.value || (crypto.randomUUID ? crypto.randomUUID() : hex(crypto.getRandomValues(new Uint8Array(16)))
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5"));

  const missing = (boxes) => boxes.filter((box) => !box.querySelector("input:checked"));
  const answers = () => Object.fromEntries(items.map((box) => [box.dataset.item, box.querySelector("input:checked")])
    .filter((pair) => pair[1]).map(([n, input]) => [n, Number(input.value)]));
  const body = () => ({ scale: set.scale, revision, answers: answers(), seconds });
  const copy = () => local.keep(set.draft, body());

  function tell(text, trouble) {
    if (say.textContent !== text) say.textContent = text;
    say.classList.toggle("trouble", Boolean(trouble));
  }
  const post = (url, data) => fetch(url, {
    method: "POST", credentials: "same-origin", redirect: "manual", keepalive: true, body: JSON.stringify(data),
    signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });

  /* A redirect (status 0) means that the sitting is no longer ours. */
  const refused = (status) => status === 0 || (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status));
  function stop() {
    over = true;
    tell("这次作答已经结束或被老师关闭，刚才的改动没有保存。请告诉老师，先不要关闭这一页。", true);
  }
  function again() {
    tries += 1;
    const wait = Math.min(30, 2 ** Math.min(tries - 1, 5)) * (0.75 + Math.random() / 2);
    tell("网络不稳，正在重试。你的答案还在，请不要关闭这一页。" + (local.secure ? "" : "（这台设备上，关闭后会丢失）"), true);
    clearTimeout(timer);
    timer = setTimeout(send, wait * 1000);
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
    if (reply && refused(reply.status)) return stop();
    if (reply && reply.status === 409) {
      if (data.saved === undefined) return stop();
      revision = Math.max(revision, Number(data.saved));
      changed = true;
      return again();
    }
    if (!reply || !reply.ok || (last ? !data.next : data.saved === undefined)) return again();
    tries = 0;
    if (last) return finish(data);
    acked = sent;
    if (changed || turnIn) return send();
    tell("已保存");
    local.wipe();
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
    back.hidden = page === 0;
    next.hidden = page === pages.length - 1;
    hand.hidden = !next.hidden;
    since = Date.now();
    settle();
    count();
    if (focus) { $("main").focus(); window.scrollTo(0, 0); }
  }
  function settle() { asked = false; left.hidden = true; }

  /* Unanswered items are named once, kindly; a second press goes on. */
  function gaps(boxes, verb) {
    const open = missing(boxes);
    if (!open.length || asked) { settle(); return false; }
    asked = true;
    open.forEach((box) => box.classList.add("open-item"));
    left.textContent = "第 " + open.map((box) => box.dataset.item).join("、") + " 题还没有选。可以补上；不想答的也可以空着，再点一次“" + verb + "”。";
    left.hidden = false;
    return true;
  }

  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-item]");
    const n = box.dataset.item;
    seconds[n] = Math.round(((seconds[n] || 0) + (Date.now() - since) / 1000) * 10) / 10;
    since = Date.now();
    changed = true;
    settle();
    box.classList.remove("open-item");
    count();
    copy();
    timer = timer || setTimeout(send, 20000);
  });
  next.addEventListener("click", () => { if (!gaps(boxesOf(pages[page]), "下一页")) { show(page + 1, true); send(); } });
  back.addEventListener("click", () => { show(page - 1, true); send(); });

  async function leave(button) {
    if (!window.confirm(button.dataset.ask)) return;
    over = true;
    await local.wipe();
    form.action = button.formAction;
    form.submit();
  }
  async function talk() {
    const reply = await post(set.talkUrl, { scale: set.scale, do: "talk" }).catch(() => null);
    if (reply && reply.ok) tell("已告诉心理老师，老师会找合适的时候和你聊。你可以继续作答，也可以停下来。");
    else tell("暂时没有送达。请稍后再点一次，或直接告诉身边的老师，也可以拨打 12356。", true);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter || hand;
    if (button.hasAttribute("data-ask")) return leave(button);
    if (button.hasAttribute("data-talk")) return talk();
    if (hand.hidden) return next.click();
    if (over || turnIn || gaps(items, hand.textContent)) return;
    /* From here on the answers stand still: the same key must always carry the same body. */
    turnIn = hand.disabled = true;
    back.hidden = true;
    items.forEach((box) => { box.disabled = true; });
    tell("正在提交…");
    send();
  });

  document.addEventListener("visibilitychange", () => { since = Date.now(); if (document.hidden) send(); });
  window.addEventListener("online", () => { if (tries) { tries = 0; send(); } });
  window.addEventListener("beforeunload", (event) => { if (!over && (changed || turnIn || revision !== acked)) event.preventDefault(); });

  (async () => {
    const draft = await local.kept(set.draft);
    if (draft && draft.scale === set.scale && draft.revision >= revision) {
      for (const [n, value] of Object.entries(draft.answers)) {
        const input = form.querySelector('[data-item="' + n + '"] input[value="' + value + '"]');
        if (input) input.checked = changed = true;
      }
      Object.assign(seconds, draft.seconds);
      if (changed) tell("已找回上次还没有送达的答案。");
    }
    const first = pages.findIndex((part) => missing(boxesOf(part)).length);
    show(first < 0 ? pages.length - 1 : first);
    send();
  })();
})();
