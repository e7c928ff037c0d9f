// The desk: the pair under pointer or focus is lit on both sides, and keys do what links and buttons do. Everything works without.
(() => {
  "use strict";

  const lit = new Set();
  const clear = () => { lit.forEach((each) => each.classList.remove("is-lit")); lit.clear(); };
  const light = (element) => { if (element) { element.classList.add("is-lit"); lit.add(element); } };
  const parts = (element, name) => (element.dataset[name] || "").split(" ").filter(Boolean);

  const show = (target, byFocus) => {
    const piece = target.closest && target.closest("[data-items], [data-lines], [data-item]");
    if (!piece) { return; }
    clear();
    light(piece);
    if (piece.dataset.items) {
      const items = parts(piece, "items").map((id) => document.getElementById(`i${id}`));
      items.forEach(light);
      return;
    }
    const item = piece.dataset.item;
    const boxes = Array.from(document.querySelectorAll(`.picture [data-items="${item}"]`));
    boxes.forEach(light);
    const lines = parts(piece, "lines").map((id) => document.getElementById(id)).filter(Boolean);
    lines.forEach(light);
    const first = lines[0] || boxes[0];
    if (byFocus && first) { reveal(first); }
  };

  // Only the source pane moves; the page stays where the person looks.
  const reveal = (line) => {
    const pane = line.closest(".desk__source");
    if (!pane) { return; }
    // By what is seen, not by offsetTop, which counts from whatever ancestor happens to be positioned (a sticky pane is).
    const top = line.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (top < 0 || top > pane.clientHeight - 40) {
      pane.scrollTop = Math.max(0, pane.scrollTop + top - pane.clientHeight / 3);
    }
  };

  const desk = document.querySelector(".desk");
  if (desk) {
    desk.addEventListener("pointerover", (event) => show(event.target, false));
    desk.addEventListener("focusin", (event) => show(event.target, true));
    const chosen = document.querySelector(".item--chosen");
    if (chosen) { show(chosen, true); }
    const asked = document.querySelector(".line--now");
    if (asked && !chosen) { reveal(asked); }
    // Browsers give the focus to what the address names only after scripts have run, and not always.
    window.addEventListener("load", () => window.setTimeout(() => {
      if (chosen) { show(chosen, true); } // once more: now fonts and pictures have their heights
      const name = decodeURIComponent(location.hash.slice(1));
      const landed = name && document.getElementById(name);
      if (landed && landed.closest("[data-desk]") && document.activeElement === document.body) {
        (landed.querySelector(".item__title") || landed).focus({ preventScroll: true });
      }
    }, 50));

    const titles = () => Array.from(document.querySelectorAll(".item__title"));
    const step = (from, by) => {
      const all = titles();
      const item = from.closest && from.closest(".item");
      const at = item ? all.indexOf(item.querySelector(".item__title")) : -1;
      const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
      if (next) { next.focus(); return; }
    };
    const press = (key) => {
      const found = document.querySelector(`[data-key="${key}"]`);
      if (!found) { return false; }
      found.click();
      return true;
    };
    // Keys work only while the focus is on an item or in the queue, and never while somebody types.
    document.addEventListener("keydown", (event) => {
      const at = document.activeElement;
      if (event.isComposing || event.ctrlKey || event.metaKey || !at || !at.closest("[data-desk]")) { return; }
      const types = at.closest("input, textarea, select");
      if (event.altKey) {
        if (!types && event.key.startsWith("Arrow") && press(`alt+${event.key}`)) { event.preventDefault(); }
        return;
      }
      if (types || event.shiftKey) { return; }
      const key = event.key.toLowerCase();
      if (key === "j" || key === "k") { step(at, key === "j" ? 1 : -1); event.preventDefault(); return; }
      if (["c", "n", "p", "s", "u"].includes(key) && press(key)) { event.preventDefault(); }
    });
  }

  // Files can be dropped on the form that sends them.
  const sender = document.getElementById("sender");
  if (sender && "DataTransfer" in window) {
    const field = sender.querySelector("input[type=file]");
    const told = document.createElement("p");
    told.className = "sender__drop";
    told.textContent = sender.dataset.drop;
    field.after(told);
    const over = (on) => (event) => { event.preventDefault(); sender.classList.toggle("is-over", on); };
    sender.addEventListener("dragover", over(true));
    sender.addEventListener("dragleave", over(false));
    sender.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; field.focus(); }
    });
    sender.addEventListener("submit", () => {
      window.setTimeout(() => { const button = sender.querySelector("button[type=submit]"); button.disabled = true; }, 0);
    });
  }

  // One box for all of a page's boxes.
  document.querySelectorAll("[data-check-all]").forEach((all) => {
    all.closest("label").hidden = false;
    const boxes = () => Array.from(document.querySelectorAll(`input[name="${all.dataset.checkAll}"]`));
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  });
})();
