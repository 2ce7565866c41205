/* Trying points out by keyboard: Enter and the arrows change rows, Escape takes back what was typed. */
(() => {
  "use strict";
  const form = document.querySelector("form.what-if");
  if (!form) return;
  const BOXES = "input[data-col], select[data-col]";
  const rows = () => [...form.querySelectorAll("tr.g-line")];
  function move(box, step) {
    const all = rows();
    for (let place = all.indexOf(box.closest("tr.g-line")) + step; all[place]; place += step) {
      const target = all[place].querySelector(`[data-col="${box.dataset.col}"]`) || all[place].querySelector(BOXES);
      if (target) { target.focus(); target.scrollIntoView({ block: "nearest" }); return; }
    }
    box.blur(); box.focus();
  }
  form.addEventListener("keydown", (event) => {
    const box = event.target, isInput = box.tagName === "INPUT";
    if (!box.matches(BOXES) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") { event.preventDefault(); move(box, event.shiftKey ? -1 : 1); }
    else if (event.key === "ArrowDown" && isInput) { event.preventDefault(); move(box, 1); }
    else if (event.key === "ArrowUp" && isInput) { event.preventDefault(); move(box, -1); }
    else if (event.key === "Escape" && isInput) { box.value = box.dataset.was; box.select(); }
  });
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches(BOXES)) return;
    event.target.dataset.was = event.target.value;
    if (event.target.tagName === "INPUT") event.target.select();
  });
})();
