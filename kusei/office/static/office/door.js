/* At the door: a tap needs no new page, and names are narrowed while they are typed. Every form works without this script. */
(() => {
  "use strict";

  const atOnce = document.querySelector("form[data-at-once]");
  if (atOnce) atOnce.requestSubmit();

  const list = () => document.getElementById("door");
  if (!list()) return;
  let sending = Promise.resolve();
  const waiting = new Set();

  /* Taps go out one after the other, none is lost; the same one again, before it is answered, is one;
     but each walk-in is a person of their own. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!form.matches(".door__sum, .door__one form") || !button) return;
    event.preventDefault();
    if (waiting.has(button.value) && !button.value.startsWith("walk-")) return;
    waiting.add(button.value);
    button.setAttribute("aria-busy", "true");
    const data = new FormData(form);
    data.append(button.name, button.value);
    sending = sending.then(() => send(form, button, data)).finally(() => waiting.delete(button.value));
  });

  async function send(form, button, data) {
    const place = button.closest(".door__one");
    const since = document.querySelector("#door-sum [name=since]");
    if (since) data.set("since", since.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "HX-Request": "true" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.getElementById("door-sum")) {
        window.location.assign(answer.url);
        return;
      }
      tell(page.querySelector(".messages"));
      page.querySelectorAll("#door-sum, .door__one, #door-end").forEach((fresh) => swap(fresh, button.value));
      if (place && !page.getElementById(place.id)) place.remove(); /* cancelled meanwhile */
      const find = document.getElementById("q");
      if (find && find.value) narrow();
      const again = place ? document.getElementById(place.id) : null;
      const next = again ? again.querySelector("button") : document.querySelector(`button[value="${button.value}"]`);
      if (next && !next.disabled) next.focus({ preventScroll: true });
    } catch {
      const told = document.createElement("ul");
      told.className = "messages";
      const line = document.createElement("li");
      line.className = "message message--error";
      line.textContent = list().dataset.failed;
      told.append(line);
      tell(told);
      button.removeAttribute("aria-busy");
    }
  }

  /* The counts, the row that was tapped, what others ticked meanwhile: each in its place. What waits to be sent stays marked. */
  function swap(fresh, done) {
    const old = document.getElementById(fresh.id);
    if (!old) return;
    old.replaceWith(fresh);
    fresh.querySelectorAll("button[value]").forEach((other) => {
      if (waiting.has(other.value) && other.value !== done) other.setAttribute("aria-busy", "true");
    });
  }

  /* What the page would have said above the list. */
  function tell(messages) {
    let place = document.getElementById("door-said");
    if (!place) {
      place = document.createElement("div");
      place.id = "door-said";
      place.setAttribute("role", "status");
      list().before(place);
    }
    place.replaceChildren(...(messages ? [messages] : []));
    if (messages) place.scrollIntoView({ block: "nearest" });
  }

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/g, "")
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

  function narrow() {
    const wanted = plain(document.getElementById("q").value);
    const rows = [...document.querySelectorAll(".door__one[data-find]")];
    rows.forEach((row) => { row.hidden = wanted !== "" && !plain(row.dataset.find).includes(wanted); });
    const none = document.querySelector(".door__none");
    if (none) none.hidden = rows.some((row) => !row.hidden);
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "q") narrow();
  });
})();
