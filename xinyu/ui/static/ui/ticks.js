/* A box over other boxes ([data-ticks] names the element around them): it ticks or clears them all, and shows ticked,
   clear or, for some of them, the browser's own third state, which a screen reader tells as well. */
(function () {
  "use strict";
  const tree = document.querySelector("[data-tick-tree]");
  if (!tree) return;
  const heads = Array.from(tree.querySelectorAll("[data-ticks]"));
  const leaves = (from) => Array.from(from.querySelectorAll("input[type=checkbox]:not([data-ticks])"));
  const under = (head) => leaves(document.getElementById(head.dataset.ticks));
  const sum = tree.querySelector("[data-tick-sum]");

  function show() {
    for (const head of heads) {
      const boxes = under(head), ticked = boxes.filter((box) => box.checked).length;
      head.checked = boxes.length > 0 && ticked === boxes.length;
      head.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    if (!sum) return;
    const ticked = leaves(tree).filter((box) => box.checked);
    sum.hidden = false;
    sum.textContent = "已选 " + ticked.length + " 个班，" + ticked.reduce((n, box) => n + Number(box.dataset.count), 0) + " 人。";
  }
  tree.addEventListener("change", (event) => {
    const head = event.target;
    if (head.dataset.ticks) under(head).forEach((box) => { box.checked = head.checked; });
    show();
  });
  show();
})();
