/* Behaviour of the frame: navigation, dialogs, toasts, file drop, unsaved text and the end of the log-in.
   Nothing typed is ever written to the browser's storage: staff machines are shared. */
(function () {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const find = (selector, from) => (from || document).querySelector(selector);
  root.classList.add("has-js");

  const token = () => (document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/) || [])[1];

  function toast(text, tone) {
    const box = find("#toasts");
    const template = find("#toast-template");
    if (!box || !template) return;
    const note = template.content.firstElementChild.cloneNode(true);
    note.classList.add("xy-tone-" + (tone || "info"));
    find("p", note).textContent = text;
    box.append(note);
    if (tone !== "urgent" && tone !== "notice") setTimeout(() => note.remove(), 8000);
  }

  function side(open) {
    const bar = find("#site-nav");
    bar.classList.toggle("is-open", open);
    find("[data-nav-open]").setAttribute("aria-expanded", String(open));
    (open ? find("a, button", bar) : find("[data-nav-open]")).focus();
  }

  document.addEventListener("click", (event) => {
    const hit = (name) => event.target.closest("[" + name + "]");
    const opener = hit("data-dialog-open");
    if (opener) {
      event.preventDefault();
      find("#" + opener.dataset.dialogOpen).showModal();
    } else if (hit("data-dialog-close")) {
      event.preventDefault();
      const dialog = event.target.closest("dialog");
      if (dialog.open) dialog.close(); else location.hash = "";
    } else if (hit("data-nav-open")) {
      event.preventDefault();
      side(true);
    } else if (hit("data-nav-close")) {
      event.preventDefault();
      side(false);
    } else if (hit("data-nav-fold")) {
      const narrow = body.classList.toggle("xy-narrow");
      document.cookie = "xy_side=" + (narrow ? "narrow" : "wide") + ";path=/;max-age=31536000;samesite=lax";
    } else if (hit("data-dismiss")) {
      event.target.closest(".xy-note, .xy-banner").remove();
    } else if (hit("data-print")) {
      window.print();
    }
    document.querySelectorAll("details.xy-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a[role=button]")) { event.preventDefault(); event.target.click(); }
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.xy-menu[open]").forEach((menu) => { menu.open = false; find("summary", menu).focus(); });
    if (find("#site-nav.is-open")) side(false);
  });

  /* Unsaved text: ask before leaving; the words stay in the page only. */
  let dirty = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) dirty = true; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  /* After a new log-in in another tab the cookie holds a new token: send that one, not the page's. */
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]")) dirty = false;
    const field = event.target.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  }, true);

  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest && event.detail.elt.closest("form[data-keep]");
    if (form && event.detail.successful) dirty = false;
    if (event.detail.successful) seen = Date.now();
  });
  document.addEventListener("htmx:sendError", () => toast("网络不通，刚才的操作没有送达。页面上的文字还在，请稍后再试。", "notice"));
  const WORDS = {
    401: "登录已到期。请在新标签页重新登录，再回到这里保存。", 403: "这一步不在您的职责内，或登录已更新。",
    404: "没有找到，可能已被移走。", 409: "别人刚刚改过这里，请刷新后再看。", 503: "系统暂时忙，请稍后再试。页面上的文字还在。",
  };
  document.addEventListener("htmx:responseError", (event) => {
    toast(WORDS[event.detail.xhr.status] || "没有成功，请稍后再试。页面上的文字还在。", "notice");
  });
  body.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone));

  /* File drop: the plain input stays in charge. */
  document.addEventListener("change", (event) => {
    const box = event.target.closest(".xy-drop");
    if (box) find("output", box).textContent = Array.from(event.target.files, (f) => f.name + "（" + Math.ceil(f.size / 1024) + " KB）").join("、");
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest && event.target.closest(".xy-drop");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover");
      if (kind !== "drop") return;
      const input = find("input[type=file]", box);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* A form that came back with mistakes says so first. */
  const alert = find(".xy-note[role=alert][tabindex]");
  if (alert) alert.focus();

  /* Idle: two minutes before the log-in ends, say so. */
  let seen = Date.now();
  const seconds = Number(body.dataset.sessionSeconds || 0);
  const dialog = find("#idle");
  if (seconds && dialog) {
    setInterval(() => {
      const left = seconds - (Date.now() - seen) / 1000;
      if (left > 120) return;
      find("[data-idle-soon]", dialog).hidden = left <= 0;
      find("[data-idle-over]", dialog).hidden = left > 0;
      if (!dialog.open) dialog.showModal();
    }, 15000);
    dialog.addEventListener("close", () => {
      if (Date.now() - seen > seconds * 1000) { seen = Date.now(); return; }
      fetch(dialog.dataset.keepUrl, { credentials: "same-origin" }).then((answer) => {
        if (answer.ok && !answer.redirected) seen = Date.now();
      }).catch(() => toast("网络不通，暂时无法延长登录。", "notice"));
    });
  }
})();
