/* Keeping a plan by keyboard, by dragging, and without waiting for whole pages. Every action is the page's own form, sent
   as it would be without this script; what comes back takes the place of the page's main part. */
(() => {
  "use strict";

  const LONGEST_SUFFIX = 20000;
  const ROWS_AT_ONCE = 100;
  const NEXT = "nextElementSibling";
  const PREVIOUS = "previousElementSibling";
  let queue = Promise.resolve();

  const main = () => document.getElementById("main");
  const form = () => document.querySelector("form[data-outline]");
  const radioOf = (row) => row && row.querySelector('input[name="item"]');
  const rowOf = (item) => document.getElementById(`i${item}`);

  function chosenRow() {
    const inside = document.activeElement && document.activeElement.closest(".outline tbody tr");
    if (inside) return inside;
    const radio = document.querySelector('.outline input[name="item"]:checked');
    return radio && radio.closest("tr");
  }

  function choose(row) {
    const radio = radioOf(row);
    if (!radio) return;
    radio.checked = true;
    radio.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function say(text) {
    const place = document.getElementById("say");
    if (place) place.textContent = text;
  }

  /* Send the outline's form and put the answer in the place of the page; what is pressed meanwhile waits its turn. */
  function act(values) {
    queue = queue.then(() => send(values)).catch(() => window.location.reload());
    return queue;
  }

  async function send(values) {
    const sent = form();
    if (!sent) return;
    const data = new FormData(sent);
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    document.body.classList.add("is-busy");
    try {
      const answer = await fetch(sent.action, { method: "POST", body: data, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      if (!answer.ok || !fresh || !page.querySelector("form[data-outline]")) {
        window.location.assign(answer.url);
        return;
      }
      const open = document.getElementById("keys") && document.getElementById("keys").open;
      main().replaceWith(fresh);
      window.history.replaceState(null, "", answer.url);
      if (open) document.getElementById("keys").open = true;
      arrange();
      const chosen = document.querySelector('.outline input[name="item"]:checked');
      if (chosen) choose(chosen.closest("tr"));
      const told = document.querySelector(".messages .message");
      if (told) say(told.textContent.trim());
    } finally {
      document.body.classList.remove("is-busy");
    }
  }

  /* Folding changes nothing in the draft: it is done here, and the address keeps it. */
  function fold(row, shut) {
    const button = row.querySelector(".fold");
    if (!button || (button.getAttribute("aria-expanded") === "false") === shut) return;
    button.setAttribute("aria-expanded", String(!shut));
    const depth = Number(row.dataset.depth);
    let closedAt = shut ? depth : Infinity;
    for (let each = row.nextElementSibling; each && Number(each.dataset.depth) > depth; each = each.nextElementSibling) {
      const level = Number(each.dataset.depth);
      if (level <= closedAt) closedAt = Infinity;
      each.hidden = shut || level > closedAt;
      const inner = each.querySelector(".fold");
      if (!each.hidden && inner && inner.getAttribute("aria-expanded") === "false") closedAt = level;
    }
    keepFolded(row.dataset.item);
  }

  function keepFolded(item) {
    const address = new URL(window.location.href);
    const folded = new Set((address.searchParams.get("fold") || "").split(".").filter(Boolean));
    if (!folded.delete(item)) folded.add(item);
    if (folded.size) address.searchParams.set("fold", [...folded].join("."));
    else address.searchParams.delete("fold");
    address.searchParams.delete("at");
    address.hash = "";
    if (address.search.length > LONGEST_SUFFIX) return;
    window.history.replaceState(null, "", address);
    const back = form() && form().querySelector('input[name="back"]');
    if (back) back.value = address.searchParams.toString();
  }

  /* The next row that is not folded away; rows are many, so nothing here looks at all of them. */
  function step(row, way) {
    let next = row[way];
    while (next && next.hidden) next = next[way];
    if (next) choose(next);
  }

  function left(row) {
    const button = row.querySelector(".fold");
    if (button && button.getAttribute("aria-expanded") === "true") {
      fold(row, true);
      return;
    }
    const depth = Number(row.dataset.depth);
    for (let each = row.previousElementSibling; each; each = each.previousElementSibling) {
      if (Number(each.dataset.depth) < depth) {
        choose(each);
        return;
      }
    }
  }

  function right(row) {
    const button = row.querySelector(".fold");
    if (!button) return;
    if (button.getAttribute("aria-expanded") === "false") fold(row, false);
    else step(row, NEXT);
  }

  const may = (verb) => form() && form().querySelector(`button[name="do"][value="${verb}"]:not([disabled])`);

  /* What asks for more than one key leads to a page of its own: the button is pressed as by hand. */
  function press(verb) {
    const button = may(verb);
    if (button) button.click();
  }

  const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };

  function isTyping(target) {
    return target.matches('textarea, select, input:not([type="radio"]):not([type="checkbox"])') || target.isContentEditable;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const target = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      const saving = document.querySelector("form[data-save]");
      if (saving) {
        event.preventDefault();
        saving.requestSubmit();
      }
      return;
    }
    if (!form() || isTyping(target)) return;
    const key = event.key;
    if (event.ctrlKey || event.metaKey) {
      const verb = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key.toLowerCase()];
      if (verb) {
        event.preventDefault();
        act({ do: verb });
      }
      return;
    }
    if (key === "?") {
      event.preventDefault();
      const keys = document.getElementById("keys");
      keys.open = !keys.open;
      if (keys.open) keys.querySelector("summary").focus();
      else choose(chosenRow());
      return;
    }
    const inTable = target === document.body || target.closest(".outline");
    const row = chosenRow();
    if (!row || !inTable) return;
    if (event.altKey) {
      if (MOVES[key] && may(MOVES[key])) {
        event.preventDefault();
        choose(row);
        act({ do: MOVES[key], item: row.dataset.item });
      }
      return;
    }
    const deeds = {
      ArrowDown: () => step(row, NEXT),
      ArrowUp: () => step(row, PREVIOUS),
      ArrowLeft: () => left(row),
      ArrowRight: () => right(row),
      n: () => { choose(row); press("add"); },
      N: () => { choose(row); press("add"); },
      Delete: () => { choose(row); press("remove"); },
    };
    if (deeds[key]) {
      event.preventDefault();
      deeds[key]();
    }
  });

  /* Buttons that move a row, and undoing, need no new page. */
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    const button = event.submitter;
    if (sent.matches("form[data-outline]") && button) {
      if (button.name === "fold") {
        event.preventDefault();
        const row = rowOf(button.value);
        fold(row, button.getAttribute("aria-expanded") === "true");
        choose(row);
        return;
      }
      if (["up", "down", "in", "out", "undo", "redo"].includes(button.value)) {
        event.preventDefault();
        act({ do: button.value });
      }
      return;
    }
    if (sent.id === "undo" && form()) {
      event.preventDefault();
      act({ do: "undo" });
      return;
    }
    if (!sent.matches("[data-once]")) return;
    if (sent.dataset.sent) event.preventDefault();
    sent.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((each) => delete each.dataset.sent);
  });

  /* Dragging a row beside or under another one. */
  let dragged = null;

  function sideOf(row, event) {
    const box = row.getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    return part < 0.3 ? "before" : part > 0.7 ? "behind" : "under";
  }

  function unmark() {
    document.querySelectorAll(".drop-before, .drop-behind, .drop-under").forEach((each) => {
      each.classList.remove("drop-before", "drop-behind", "drop-under");
    });
  }

  // A row can be dragged from the moment that it is held: marking all of them beforehand takes long where they are many.
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".outline tbody tr");
    if (row && may("move")) row.draggable = true;
  });
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest(".outline tbody tr[draggable]");
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest(".outline tbody tr");
    unmark();
    if (!row || row === dragged) return;
    event.preventDefault();
    row.classList.add(`drop-${sideOf(row, event)}`);
  });
  document.addEventListener("dragend", () => { dragged = null; unmark(); });
  document.addEventListener("drop", (event) => {
    const row = dragged && event.target.closest(".outline tbody tr");
    unmark();
    if (!row || row === dragged) return;
    event.preventDefault();
    act({ do: "drop", item: dragged.dataset.item, target: row.dataset.item, side: sideOf(row, event) });
    dragged = null;
  });

  /* Lists of owners and of money grow by a line when the last one is filled. */
  document.addEventListener("input", (event) => {
    const lines = event.target.closest("[data-lines]");
    if (!lines || !lines.lastElementChild.contains(event.target) || !event.target.value) return;
    const fresh = lines.lastElementChild.cloneNode(true);
    const inputs = fresh.matches("input") ? [fresh] : [...fresh.querySelectorAll("input")];
    const number = lines.children.length + 1;
    inputs.forEach((each) => {
      each.value = "";
      each.removeAttribute("aria-invalid");
      if (each.id) each.id = each.id.replace(/\d+/, number);
      each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+/, number));
    });
    lines.append(fresh);
  });

  /* Once the page stands, its rows are laid out little by little: see plans.css. */
  function layOut(row) {
    let next = row;
    for (let count = 0; next && count < ROWS_AT_ONCE; count += 1, next = next[NEXT]) next.classList.add("is-laid");
    if (next) whenIdle(() => layOut(next));
  }

  function whenIdle(then) {
    if (window.requestIdleCallback) window.requestIdleCallback(then);
    else window.setTimeout(then, 50);
  }

  function arrange() {
    measure();
    const first = document.querySelector(".outline tbody tr");
    if (first) whenIdle(() => layOut(first));
  }

  /* The heading of the table sticks under the bar and the tools, however high they are. */
  function measure() {
    const bar = document.querySelector(".bar");
    const tools = form();
    if (!bar || !tools) return;
    const high = bar.offsetHeight;
    tools.style.top = `${high}px`;
    const head = document.querySelector(".outline thead");
    if (head) head.style.top = `${high + tools.offsetHeight}px`;
  }

  window.addEventListener("resize", measure);
  arrange();
  // The browser gave it the focus before the tools stuck above it: what they cover is moved into sight.
  const returned = document.querySelector(".outline input[autofocus]");
  if (returned) choose(returned.closest("tr"));
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
