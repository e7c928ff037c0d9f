/* A long list to tick: narrowed while one types, without the body that is chosen as the host. The form works without this script. */
(() => {
  "use strict";

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/g, "");

  document.querySelectorAll("[data-choose]").forEach((list) => {
    const find = list.querySelector("input[type=search]");
    const host = list.closest("form").querySelector("select[name=host]");
    const lines = [...list.querySelectorAll(".check")];
    if (find) find.closest("[hidden]").hidden = false;

    function narrow() {
      const wanted = find ? plain(find.value) : "";
      lines.forEach((line) => {
        const box = line.querySelector("input");
        const isHost = host !== null && box.value === host.value;
        box.disabled = isHost;
        line.hidden = isHost || (!box.checked && wanted !== "" && !plain(line.textContent).includes(wanted));
      });
      if (!find) return;
      const none = list.querySelector("[data-none]");
      none.textContent = lines.some((line) => !line.hidden) ? "" : none.dataset.none;
    }

    if (find) {
      find.addEventListener("input", narrow);
      find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    }
    if (host) host.addEventListener("change", narrow);
    narrow();
  });
})();
