/* Small comforts; every page works without them. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content || "";
  const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

  /* htmx: send the token, and show refusals (422) and conflicts (409) where they belong. */
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:responseError", async (event) => {
    const { elt, xhr } = event.detail;
    if (xhr.status === 401) sessionEnded();
    else if (xhr.status === 429) notice(xhr.responseText);
    else if (xhr.status === 403 && !elt.dataset.renewed && await renewToken()) { elt.dataset.renewed = "1"; elt.dispatchEvent(new Event("change", { bubbles: true })); }
  });
  document.addEventListener("htmx:sendError", () => notice("Mất kết nối. Nội dung còn trên trang; cổng sẽ lưu khi có mạng lại."));

  /* After a sign-in in another tab the token of this page is an old one: take a fresh one from the same page. */
  async function renewToken() {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector('meta[name="csrf-token"]');
    if (!fresh) return false;
    document.querySelector('meta[name="csrf-token"]').content = fresh.content;
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((field) => { field.value = fresh.content; });
    return true;
  }
  function notice(text) {
    const place = document.querySelector(".messages") || document.body;
    let box = document.getElementById("js-notice");
    if (!box) { box = document.createElement("div"); box.id = "js-notice"; box.className = "alert alert-warning"; place.prepend(box); }
    box.textContent = text;
  }
  let ended = false;
  function sessionEnded() {
    ended = true;
    notice("Phiên làm việc đã hết hạn. Nội dung còn nguyên trên trang: hãy đăng nhập ở một thẻ khác rồi sửa tiếp, cổng sẽ lưu lại.");
  }

  document.addEventListener("portal:session-ended", sessionEnded);
  document.addEventListener("visibilitychange", async () => {
    if (ended && !document.hidden && await renewToken()) { ended = false; document.getElementById("js-notice")?.remove(); window.dispatchEvent(new Event("online")); }
  });

  /* Autosave: <form data-autosave="address">. The server answers {saved_at, version} | 409 {message} | 422 {errors}. */
  function autosave(form) {
    const state = form.querySelector("[data-save-state]") || form.appendChild(Object.assign(document.createElement("span"), { className: "save-state" }));
    state.setAttribute("role", "status");
    let timer = null, running = false, again = false, renewed = false;
    const say = (text, bad) => { state.textContent = text; state.classList.toggle("is-bad", Boolean(bad)); };
    async function save() {
      if (running) { again = true; return; }
      running = true; say("Đang lưu…");
      const body = new FormData(form);
      for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
      let retry = 0;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Autosave": "1", "X-CSRFToken": csrf() }, credentials: "same-origin", redirect: "manual" });
        const data = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
        if (answer.ok) { renewed = false; say(`Đã lưu nháp lúc ${data.saved_at || clock()}`); delete form.dataset.dirty; if (data.version && form.elements.version) form.elements.version.value = data.version; showErrors(form, {}); }
        else if (answer.status === 422) { say("Đã giữ trên trang, còn ô cần sửa", true); if (data.version && form.elements.version) form.elements.version.value = data.version; showErrors(form, data.errors || {}); }
        else if (answer.status === 409) { say(data.message || "Người khác vừa sửa. Nội dung bạn gõ còn trên trang.", true); }
        else if (answer.status === 401 || answer.type === "opaqueredirect") { say("Phiên đã hết hạn, chưa lưu", true); sessionEnded(); retry = 30000; }
        else if (answer.status === 403 && !renewed && await renewToken()) { renewed = again = true; }
        else { say("Chưa lưu được, sẽ thử lại", true); retry = 10000; }
      } catch (error) { say("Mất kết nối, sẽ tự lưu khi có mạng", true); retry = 5000; }
      running = false;
      if (again) { again = false; save(); } else if (retry) { clearTimeout(timer); timer = setTimeout(save, retry); }
    }
    const later = (event) => { if (event.target.type === "file") return; form.dataset.dirty = "1"; clearTimeout(timer); timer = setTimeout(save, 1500); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("online", () => { if (form.dataset.dirty) save(); });
  }
  /* What the server says now replaces what it said before; a sentence stands below its field, never inside the date box. */
  function showErrors(form, errors) {
    form.querySelectorAll(".invalid-feedback").forEach((node) => node.remove());
    form.querySelectorAll(".is-invalid").forEach((field) => { field.classList.remove("is-invalid"); field.removeAttribute("aria-invalid"); });
    for (const [name, sentences] of Object.entries(errors)) {
      const field = form.elements[name]; if (!field || !field.after) continue;
      const note = document.createElement("div"); note.className = "invalid-feedback"; note.id = `${field.id}_now`; note.textContent = [].concat(sentences).join(" ");
      field.classList.add("is-invalid"); field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", note.id); (field.closest(".date-field") || field).after(note);
    }
    if (!Object.keys(errors).length) document.querySelector(".error-summary")?.remove();
  }

  /* Leaving a page with typed text that was not saved asks first. */
  window.addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-dirty]")) event.preventDefault(); });

  /* Dates: a calendar button beside the typed day/month/year. */
  function calendar(field) {
    if (field.dataset.ready || field.disabled) return; field.dataset.ready = "1";
    const wrap = document.createElement("div"); wrap.className = "date-field";
    const picker = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, className: "form-control", title: "Chọn trên lịch" });
    picker.setAttribute("aria-hidden", "true"); field.before(wrap); wrap.append(field, picker);
    picker.addEventListener("change", () => { if (!picker.value) return; field.value = picker.value.split("-").reverse().join("/"); field.dispatchEvent(new Event("change", { bubbles: true })); });
  }

  /* Files: say the name and size of what was chosen. */
  function fileBox(box) {
    if (box.dataset.ready) return; box.dataset.ready = "1";
    const field = box.querySelector("input"), name = box.querySelector("[data-file-name]"), nothing = name.textContent;
    const size = (bytes) => bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;
    const show = () => { const file = field.files[0]; box.classList.toggle("has-file", Boolean(file)); name.textContent = file ? `${file.name} (${size(file.size)})` : nothing; };
    field.addEventListener("change", show); show();
    for (const kind of ["dragenter", "dragleave", "drop"]) field.addEventListener(kind, () => box.classList.toggle("is-over", kind === "dragenter"));
  }

  function prepare(root) {
    root.querySelectorAll("[data-file-box]").forEach(fileBox);
    root.querySelectorAll("form[data-autosave]").forEach((form) => { if (!form.dataset.watched) { form.dataset.watched = "1"; autosave(form); } });
    root.querySelectorAll("form[data-guard]:not([data-autosave])").forEach((form) => form.addEventListener("input", () => { form.dataset.dirty = "1"; }));
    root.querySelectorAll("input[data-date]").forEach(calendar);
    root.querySelector("[data-focus]")?.focus();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target; delete form.dataset.dirty;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    const button = event.submitter;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1"; setTimeout(() => { button?.setAttribute("aria-disabled", "true"); button?.classList.add("disabled"); });
    setTimeout(() => { delete form.dataset.sent; button?.classList.remove("disabled"); button?.removeAttribute("aria-disabled"); }, 8000);
  });
  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-toggle-password]");
    if (eye) { const field = document.getElementById(eye.dataset.togglePassword); field.type = field.type === "password" ? "text" : "password"; eye.setAttribute("aria-pressed", String(field.type === "text")); }
    const print = event.target.closest("[data-print]"); if (print) window.print();
    document.querySelectorAll("details.move[open]").forEach((box) => { if (!box.contains(event.target)) box.open = false; });
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-select-all]")) return;
    event.target.closest("table").querySelectorAll('tbody input[type="checkbox"]').forEach((box) => { box.checked = event.target.checked; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { const search = document.getElementById("tim-kiem"); if (search) { event.preventDefault(); search.focus(); } }
    if (event.key === "Escape") document.querySelectorAll("details.move[open]").forEach((box) => { box.open = false; });
  });
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target.parentElement || document));
  document.addEventListener("DOMContentLoaded", () => prepare(document));
})();
