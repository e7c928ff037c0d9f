// An answer saves itself while somebody writes: the form's own address, the same fields. Without this its buttons do it.
(() => {
  "use strict";

  const WAIT_MS = 1500;       // after the last key
  const GAP_MS = 8000;        // between two saves: each stands in the trail
  const RETRY_MS = 8000;      // after a dropped line
  const LOOK_MS = 30000;      // for what others wrote, while somebody is at the page
  const IDLE_MS = 600000;     // then the page asks no more, so that the session may end

  // Buttons that only a script can serve are hidden until it runs.
  document.querySelectorAll("[data-insert], [data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.into);
      const text = button.dataset.insert || document.getElementById(button.dataset.copy).textContent;
      const at = button.dataset.insert ? field.selectionStart : field.value.length;
      const until = button.dataset.insert ? field.selectionEnd : at;
      field.setRangeText(text, at, until, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  const plain = (text) => text.replace(/\r\n?/g, "\n");

  const watch = (form) => {
    const status = form.querySelector("[data-status]");
    const typed = form.querySelector("[data-typed]");
    const preview = form.classList.contains("answer-form") ? document.querySelector("[data-preview]") : null;
    const was = {};
    form.querySelectorAll("[data-was]").forEach((field) => { was[field.dataset.was] = field; });
    let timer = 0;
    let busy = false;
    let stopped = false;
    let active = Date.now();
    let savedAt = 0;
    let shown = "";

    const value = (name) => {
      const field = form.elements[name];
      return field ? plain(field.value || "") : "";
    };
    const put = (name, text) => {
      const field = form.elements[name];
      if (!field) { return; }
      if (field instanceof RadioNodeList) {
        field.forEach((each) => { each.checked = each.value === text; });
      } else {
        field.value = text;
      }
    };
    const isDeciding = () => [...typed.querySelectorAll("input")].some((field) => field.value);
    const isDirty = () => Object.keys(was).some((name) => value(name) !== plain(was[name].value));
    const say = (text, isWrong) => {
      if (status.textContent !== text) { status.textContent = text; }
      status.classList.toggle("autosave--wrong", Boolean(isWrong));
    };
    const pause = () => Math.max(WAIT_MS, savedAt + GAP_MS - Date.now());
    const later = (ms) => { window.clearTimeout(timer); timer = window.setTimeout(save, ms); };

    const take = (answer, sent) => {
      let others = false;
      Object.entries(answer.now).forEach(([name, text]) => {
        if (!was[name]) { return; }
        const untouched = value(name) === sent[name];
        // What nobody here changed shows what others wrote; what is being typed on stays.
        if (untouched && value(name) !== plain(text)) { put(name, text); others = true; }
        was[name].value = text;
      });
      // Figures that the text says: not under the hands of somebody who decides about one.
      if (typed && answer.typed !== undefined && !typed.contains(document.activeElement) && !isDeciding()) {
        if (answer.typed !== shown) { shown = answer.typed; typed.innerHTML = shown; }
      }
      const compared = preview ? document.querySelector("[data-compared]") : null;
      if (compared && answer.compared !== undefined && !compared.contains(document.activeElement)) {
        const open = Boolean(compared.querySelector("details[open]"));
        compared.innerHTML = answer.compared;
        if (open) { compared.querySelector("details")?.setAttribute("open", ""); }
      }
      if (preview && answer.said !== undefined) { preview.textContent = answer.said; }
      say(`${form.dataset.saved} ${answer.saved}${others && answer.by ? `（${answer.by}${form.dataset.theirs}）` : ""}`);
    };

    const save = async () => {
      if (busy || stopped) { return; }
      busy = true;
      const sent = {};
      Object.keys(was).forEach((name) => { sent[name] = value(name); });
      const dirty = isDirty();
      if (dirty) { say(form.dataset.saving); savedAt = Date.now(); }
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { "X-Kusei-Autosave": "1" }, redirect: "manual",
        });
        const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (!isOurs) {
          // A log-in page, or one that says why: the button leads there, with all that was typed.
          stopped = true;
          say(form.dataset.ended, true);
        } else {
          const told = await answer.json();
          if (answer.ok) {
            if (dirty || Object.entries(told.now).some(([name, text]) => was[name] && plain(was[name].value) !== plain(text))) {
              take(told, sent);
            }
            if (isDirty()) { later(pause()); }
          } else {
            stopped = true;
            say(told.clash ? `${told.clash} ${form.dataset.clash}` : told.problem, true);
          }
        }
      } catch (error) {
        if (dirty) { say(form.dataset.offline, true); }
        later(RETRY_MS);
      }
      busy = false;
    };

    form.addEventListener("input", () => {
      active = Date.now();
      if (!stopped) {
        if (!status.classList.contains("autosave--wrong")) { say(form.dataset.dirty); }
        later(pause());
      }
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden && isDirty()) { later(0); } });
    window.addEventListener("online", () => { if (isDirty()) { later(0); } });
    window.setInterval(() => {
      const isHere = document.visibilityState === "visible" && Date.now() - active < IDLE_MS;
      if (isHere && !isDirty()) { save(); }
    }, LOOK_MS);
    let leaving = false;
    form.addEventListener("submit", () => { leaving = true; window.clearTimeout(timer); stopped = true; });
    window.addEventListener("beforeunload", (event) => { if (!leaving && isDirty()) { event.preventDefault(); } });
  };

  document.querySelectorAll("form[data-autosave]").forEach(watch);
})();
