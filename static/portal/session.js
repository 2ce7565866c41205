/* Two minutes before the session ends the page says so and offers to go on. What is typed stays on the page anyway. */
(() => {
  "use strict";
  const WARNING = 120_000, LOOK = 5_000, ASK_AGAIN = 30_000;
  const box = document.getElementById("session-notice");
  if (!box?.dataset.left) return;
  const button = box.querySelector("button"), token = () => document.querySelector('meta[name="csrf-token"]').content;
  let end = Date.now() + Number(box.dataset.left) * 1000, asked = 0, over = false, canGoOn = true;

  /* Only the server knows: another tab may be at work. Asking does not lengthen the session, going on (POST) does. */
  async function ask(method) {
    asked = Date.now();
    const answer = await fetch(box.dataset.address, { method, headers: { "X-Autosave": "1", "X-CSRFToken": token() }, credentials: "same-origin" }).catch(() => null);
    if (answer?.status === 401) { over = true; document.dispatchEvent(new Event("portal:session-ended")); }
    if (!answer?.ok) return;
    const told = await answer.json();
    over = false; canGoOn = told.can_go_on; end = Date.now() + told.left * 1000;
  }
  function show() {
    const near = !over && end - Date.now() <= WARNING;
    if (near) {
      const time = new Date(end).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      box.querySelectorAll("[data-end]").forEach((place) => { if (place.textContent !== time) place.textContent = time; });
      box.querySelector("[data-idle]").hidden = button.hidden = !canGoOn;
      box.querySelector("[data-whole]").hidden = canGoOn;
    }
    if (box.hidden === near) box.hidden = !near;
  }
  async function look() {
    if (over) return;
    const left = end - Date.now();
    if (left <= WARNING && Date.now() - asked > (left <= 0 ? LOOK : ASK_AGAIN)) await ask("GET");
    show();
  }
  button.addEventListener("click", async () => { await ask("POST"); show(); });
  document.addEventListener("visibilitychange", async () => { if (!document.hidden && over) { await ask("GET"); show(); } });
  setInterval(look, LOOK);
})();
