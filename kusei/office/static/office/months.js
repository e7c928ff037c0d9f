/* A year's numbers as Excel hands expect them: arrows, Enter, blocks pasted from a sheet, sums that follow. The form is sent
   as it would be without this script. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-months]");
  if (!form) return;
  const rows = () => [...form.querySelectorAll("tr[data-cells]")];
  const cells = (row) => [...row.querySelectorAll("input.grid__input")];
  const place = document.getElementById("say");
  const words = (name, number) => place.dataset[name].replace("{n}", number);
  const say = (text) => { place.textContent = text; };
  let pasted = null;
  let isSent = false;

  function go(input, down, right) {
    const all = rows();
    const row = all[all.indexOf(input.closest("tr")) + down];
    const next = row && cells(row)[cells(input.closest("tr")).indexOf(input) + right];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  }

  /* Left and right move the caret first where a part of the number is being mended. */
  function atEdge(input, right) {
    const { selectionStart: start, selectionEnd: end, value } = input;
    if (start !== end) return start === 0 && end === value.length;
    return right ? end === value.length : start === 0;
  }

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector('.save-bar button[value="save"]'));
      return;
    }
    if (!input.matches("input.grid__input") || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && pasted) {
      event.preventDefault();
      pasted.forEach(([cell, value]) => { cell.value = value; });
      pasted = null;
      form.dispatchEvent(new Event("input"));
      say(words("undone"));
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter") {
      event.preventDefault();
      go(input, event.shiftKey ? -1 : 1, 0);
    } else if (steps[event.key] && !event.shiftKey) {
      const [down, right] = steps[event.key];
      if (right && !atEdge(input, right > 0)) return;
      if (go(input, down, right)) event.preventDefault();
      else if (down) event.preventDefault();
    }
  });

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input.grid__input")) event.target.select();
  });

  /* A block as Excel puts it: tabs between cells, lines between rows, quotes where a cell holds either. */
  function block(text) {
    const table = [[""]];
    let quoted = false;
    for (let spot = 0; spot < text.length; spot += 1) {
      const sign = text[spot];
      const row = table[table.length - 1];
      if (quoted) {
        if (sign !== '"') row[row.length - 1] += sign;
        else if (text[spot + 1] === '"') { row[row.length - 1] += sign; spot += 1; }
        else quoted = false;
      } else if (sign === '"' && row[row.length - 1] === "") quoted = true;
      else if (sign === "\t") row.push("");
      else if (sign === "\n") table.push([""]);
      else if (sign !== "\r") row[row.length - 1] += sign;
    }
    if (table.length > 1 && table[table.length - 1].join("") === "") table.pop();
    return table;
  }

  form.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.matches("input.grid__input")) return;
    const table = block(event.clipboardData.getData("text/plain"));
    if (table.length === 1 && table[0].length === 1) return;
    event.preventDefault();
    const all = rows();
    const top = all.indexOf(input.closest("tr"));
    const left = cells(input.closest("tr")).indexOf(input);
    pasted = [];
    let beyond = 0;
    table.forEach((line, down) => line.forEach((text, right) => {
      const row = all[top + down];
      const cell = row && cells(row)[left + right];
      if (!cell) {
        if (text.trim()) beyond += 1;
        return;
      }
      pasted.push([cell, cell.value]);
      cell.value = text.trim();
    }));
    const undo = pasted;
    form.dispatchEvent(new Event("input"));
    pasted = undo;
    say(words("pasted", pasted.length) + (beyond ? words("beyond", beyond) : ""));
    showSaid();
  });

  /* What happened to a pasted block is said to everybody, not to screen readers alone. */
  function showSaid() {
    place.classList.remove("visually-hidden");
    place.classList.add("notice");
  }

  /* Numbers as the server reads them: full width, the unit and commas before three digits do not matter. null: no number. */
  function numberIn(text, unit) {
    let plain = text.normalize("NFKC").trim();
    if (unit && plain.endsWith(unit.normalize("NFKC"))) plain = plain.slice(0, -unit.normalize("NFKC").length).trim();
    if (!plain) return undefined;
    return /^(\d+|\d{1,3}([,、 ]\d{3})+)?(\.\d+)?$/.test(plain) ? Number(plain.replace(/[,、 ]/g, "")) : null;
  }

  function sum(row) {
    const total = row.querySelector("[data-sum]");
    if (!total) return;
    const numbers = cells(row).map((cell) => numberIn(cell.value, row.dataset.unit));
    cells(row).forEach((cell, column) => {
      cell.classList.toggle("is-changed", cell.value !== cell.defaultValue);
      if (numbers[column] === null) cell.setAttribute("aria-invalid", "true");
      else if (!cell.hasAttribute("aria-describedby")) cell.removeAttribute("aria-invalid");
    });
    const known = numbers.filter((each) => each !== undefined && each !== null);
    let result = "—";
    if (row.dataset.mode === "sum") result = known.reduce((all, each) => all + each, 0);
    else if (row.dataset.mode === "last") result = known.length ? known[known.length - 1] : "";
    total.textContent = typeof result === "number"
      ? result.toLocaleString("ja-JP", { maximumFractionDigits: Number(row.dataset.decimals) })
      : result;
  }

  const isChanged = () => rows().some((row) => cells(row).some((cell) => cell.value !== cell.defaultValue));

  form.addEventListener("input", (event) => {
    const row = event.target !== form && event.target.closest("tr[data-cells]");
    if (row) {
      pasted = null;
      sum(row);
    } else rows().forEach(sum);
  });

  form.addEventListener("submit", (event) => {
    if (isSent) {
      event.preventDefault();
      return;
    }
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && isChanged()) event.preventDefault();
  });

  rows().forEach(sum);
  const told = document.getElementById("errors") || document.getElementById("clashes");
  if (told) told.focus();
})();
