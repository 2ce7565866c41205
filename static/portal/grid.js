/* The score grid by keyboard: Enter and the arrows change rows; htmx saves each row by itself. */
(() => {
  "use strict";
  const table = document.querySelector("table.score-grid.is-open");
  const form = document.getElementById("phieu");
  if (!table || !form) return;
  const BOXES = "input[data-col], select[data-col], textarea[data-col]";
  const rowOf = (node) => node.closest("tr.g-line");
  const cellOf = (row) => row.querySelector(".g-status > span");
  const waiting = new Set();
  let held = null;  // a form of the move bar that waits until every row is saved

  /* The box in the same column of the next row that has one; a row without it gives its first box. */
  function move(box, step) {
    const rows = [...table.querySelectorAll("tr.g-line[hx-post]")];
    const next = rows[rows.indexOf(rowOf(box)) + step];
    const target = next && (next.querySelector(`[data-col="${box.dataset.col}"]`) || next.querySelector(BOXES));
    if (!target) { box.blur(); box.focus(); return; }
    target.focus(); target.scrollIntoView({ block: "nearest" });
  }
  table.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches(BOXES) || event.altKey || event.ctrlKey || event.metaKey) return;
    const isText = box.tagName !== "INPUT";
    if (event.key === "Enter" && !(event.shiftKey && box.tagName === "TEXTAREA")) { event.preventDefault(); move(box, event.shiftKey ? -1 : 1); }
    else if (event.key === "ArrowDown" && !isText) { event.preventDefault(); move(box, 1); }
    else if (event.key === "ArrowUp" && !isText) { event.preventDefault(); move(box, -1); }
    else if (event.key === "Escape" && box.tagName === "INPUT") { box.value = box.dataset.was; box.select(); }
  });
  table.addEventListener("focusin", (event) => {
    if (!event.target.matches(BOXES)) return;
    event.target.dataset.was = event.target.value;
    if (event.target.tagName === "INPUT") event.target.select();
  });
  /* Typing the same value again sends nothing, so the row is as saved as before. */
  table.addEventListener("focusout", (event) => {
    const box = event.target, row = rowOf(box);
    if (!row || row.dataset.before === undefined || box.value !== box.dataset.was) return;
    cellOf(row).textContent = row.dataset.before;
    mark(row, false);
  });

  /* A row is unsaved from the first key until the server has said yes. */
  function mark(row, unsaved) {
    if (!row) return;
    row.classList.toggle("is-unsaved", unsaved);
    if (unsaved) {
      if (!waiting.has(row)) row.dataset.before = cellOf(row).textContent;
      waiting.add(row);
      cellOf(row).textContent = "Chưa lưu";
    } else { waiting.delete(row); delete row.dataset.before; }
    if (waiting.size) form.dataset.dirty = "1"; else delete form.dataset.dirty;
  }
  const again = (row) => row.dispatchEvent(new Event("change", { bubbles: true }));
  table.addEventListener("input", (event) => mark(rowOf(event.target), true));
  table.addEventListener("htmx:beforeRequest", (event) => {
    const row = rowOf(event.target);
    if (row) { delete row.dataset.before; cellOf(row).textContent = "Đang lưu…"; }
  });
  table.addEventListener("htmx:afterRequest", (event) => {
    const row = rowOf(event.detail.elt), status = event.detail.xhr.status;
    if (!row) return;
    row.classList.toggle("is-bad", status === 422 || status === 409);
    if (status === 200) { mark(row, false); if (held && !waiting.size) held.requestSubmit(); return; }
    held = null;
    row.classList.add("is-unsaved"); waiting.add(row); form.dataset.dirty = "1";
    if (status === 0) cellOf(row).textContent = "Mất kết nối, sẽ lưu khi có mạng";
    else if (status === 401) cellOf(row).textContent = "Phiên đã hết hạn, chưa lưu";
    else if (status !== 422 && status !== 409) cellOf(row).textContent = "Chưa lưu được";
    if (status === 0 || status === 401) setTimeout(() => { if (waiting.has(row)) again(row); }, status ? 30000 : 8000);
  });
  window.addEventListener("online", () => [...waiting].forEach(again));

  /* Conflict: the user decides that his number stands. */
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-overwrite]"), row = button && rowOf(button);
    if (!row) return;
    row.querySelector('input[type="hidden"][name$="-version"]').value = button.dataset.overwrite;
    again(row);
  });
  /* The score before stands: written down as one's own decision. */
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]"), box = button && button.parentNode.querySelector("input[data-col]");
    if (!box) return;
    box.value = box.placeholder; button.hidden = true; box.focus();
    mark(rowOf(box), true); again(rowOf(box));
  });
  document.querySelector(".move-bar")?.addEventListener("submit", (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    const bad = [...waiting].find((row) => row.classList.contains("is-bad"));
    if (!bad) { held = event.target; return; }
    bad.scrollIntoView({ block: "center" });  // refused or in conflict: he decides before the sheet moves on
    bad.querySelector(BOXES)?.focus({ preventScroll: true });
  });
  form.addEventListener("submit", () => { waiting.clear(); delete form.dataset.dirty; });
})();
