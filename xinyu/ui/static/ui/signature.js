/* A signature drawn on the screen, and a form that shows only the fields of the chosen way of confirming.
   <div data-signature><canvas/><input name="drawn"></div>; <div data-when="scan">: shown while that choice is made. */
(function () {
  "use strict";
  const box = document.querySelector("[data-signature]");
  if (!box) return;
  const form = box.closest("form");
  const canvas = box.querySelector("canvas");
  const kept = box.querySelector("input[name=drawn]");
  const pen = canvas.getContext("2d");
  let last = null;

  pen.lineWidth = 5;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#10242b";

  function place(event) {
    const frame = canvas.getBoundingClientRect();
    return { x: (event.clientX - frame.left) * canvas.width / frame.width, y: (event.clientY - frame.top) * canvas.height / frame.height };
  }
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = place(event);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(next.x, next.y);
    pen.stroke();
    last = next;
  });
  function lift() {
    if (!last) return;
    last = null;
    kept.value = canvas.toDataURL("image/png");
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    kept.value = "";
  });

  function show() {
    const chosen = form.querySelector("input[name=kind]:checked");
    for (const part of form.querySelectorAll("[data-when]")) {
      part.hidden = !chosen || !part.dataset.when.split(" ").includes(chosen.value);
    }
  }
  form.addEventListener("change", show);
  show();
})();
