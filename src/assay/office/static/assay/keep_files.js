// form[data-keep-files]: sent without leaving the page, so that files once chosen stay chosen when something else is to be mended.
// Without this script the form is sent as any other, and the page says which file has to be chosen again.
"use strict";

// With what stands around it: its words, and a photo's frame (`photo_frame.js`).
const fieldOf = (input) => input.closest("[data-with-file]") || input.closest(".file-field") || input;

// What the answer shows in place of the form; inputs of files stay the ones in which somebody chose.
function mended(form, answer) {
  for (const chosen of form.querySelectorAll("input[type=file]")) {
    if (!chosen.files.length) continue;
    const there = answer.querySelector(`input[type=file][name="${chosen.name}"]`);
    if (there) fieldOf(there).replaceWith(fieldOf(chosen));
  }
  return answer;
}

function unsent(form) {
  const said = document.createElement("div");
  said.className = "alert alert-danger";
  said.setAttribute("role", "alert");
  said.textContent = "没有送出：网络不通。所填内容和所选文件都还在，请稍后再点一次。";
  form.querySelector(".card-footer").before(said);
}

async function send(form) {
  for (const old of form.querySelectorAll(":scope > .alert")) old.remove();
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Keep-Files": "1" } });
  } catch {
    delete form.dataset.sent;
    unsent(form);
    return;
  }
  const next = answer.headers.get("X-Next") || (answer.redirected ? answer.url : "");
  if (next) {
    window.location.assign(next);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const again = page.querySelector("form[data-keep-files]");
  if (again) {
    form.replaceWith(mended(form, again));
    again.dispatchEvent(new Event("assay:mended", { bubbles: true }));
  }
  else document.getElementById("content").replaceWith(page.getElementById("content"));
  document.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-keep-files]") || event.defaultPrevented) return;
  event.preventDefault();
  void send(event.target);
});
