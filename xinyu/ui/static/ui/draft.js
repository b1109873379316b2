/* Words of a form about a student, kept on the server every few seconds and given back after a time-out.
   <form data-draft="STUDENT">: one draft per person and page; nothing goes into the browser's storage. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form || !form.dataset.draft || !window.fetch) return;
  const PAUSE = 4000;
  const LEFT_OUT = ["csrfmiddlewaretoken"];
  const address = "/students/" + encodeURIComponent(form.dataset.draft) + "/typed/?path=" + encodeURIComponent(location.pathname);
  const token = () => (document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/) || [])[1] || form.elements.csrfmiddlewaretoken.value;
  const status = document.createElement("p");
  status.className = "xy-help mb-2";
  status.setAttribute("role", "status");
  form.append(status);

  const ask = (method, body) => fetch(address, {
    method, body, credentials: "same-origin", headers: { "X-CSRFToken": token(), "Content-Type": "application/json" },
  }).then((answer) => { if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); return answer.json(); });

  function fields() {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      if (LEFT_OUT.includes(name) || typeof value !== "string") continue;
      (found[name] = found[name] || []).push(value);
    }
    return found;
  }

  function put(kept) {
    for (const control of form.elements) {
      if (!control.name || LEFT_OUT.includes(control.name) || control.type === "file") continue;
      const values = kept[control.name] || [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else if (control.tagName === "SELECT" && control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
      else if (values.length && control.type !== "submit") control.value = values[0];
    }
  }

  let last = JSON.stringify(fields());
  let timer = 0;
  let sent = false;

  function save() {
    timer = 0;
    const now = JSON.stringify(fields());
    if (sent || now === last) return;
    ask("POST", now).then((answer) => {
      last = now;
      status.textContent = "草稿已保存 " + answer.saved_at + "，只有您自己看得到。";
    }).catch(() => {
      status.textContent = "草稿暂时没有保存上，请不要关闭页面；登录已到期的，可在新标签页重新登录。";
      later();
    });
  }
  function later() { if (!timer && !sent) timer = setTimeout(save, PAUSE); }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });

  /* A form that came back with its mistakes already holds the newest words. */
  if (form.querySelector(".is-invalid, [role=alert]") || document.querySelector(".xy-note[role=alert]")) return;
  ask("GET").then((answer) => {
    if (!answer.fields) return;
    const clean = fields();
    put(answer.fields);
    last = JSON.stringify(fields());
    const note = document.createElement("div");
    note.className = "xy-note xy-tone-info";
    const words = document.createElement("p");
    words.textContent = "已恢复您 " + answer.saved_at + " 没有提交的内容。";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm";
    drop.textContent = "不要这份草稿";
    drop.addEventListener("click", () => ask("DELETE").then(() => { put(clean); last = JSON.stringify(fields()); note.remove(); }).catch(() => {}));
    const box = document.createElement("div");
    box.append(words, drop);
    note.append(box);
    form.prepend(note);
  }).catch(() => {});
})();
