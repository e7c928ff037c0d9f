// One box for all items of a group shows what it chooses. Without this the box alone does it: it sends them all.
(() => {
  "use strict";

  document.querySelectorAll(".review-group").forEach((group) => {
    const all = group.querySelector("input[name=group]");
    if (!all) { return; }
    const boxes = Array.from(group.querySelectorAll("input[name=item]"));
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    };
    all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); tell(); });
    boxes.forEach((box) => box.addEventListener("change", tell));
    if (!all.checked) { tell(); }
  });
})();
