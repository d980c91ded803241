// What the page notices while the exam goes on is told to the hall as plain facts; nothing follows from them by itself.
const QUIET_MS = 2000;

// `active` tells whether an exam goes on, `say` tells the candidate.
export function noticing(api, active, say) {
  const waiting = new Map();
  let timer = null;
  const note = (kind, text = "") => {
    if (!active()) return;
    const known = waiting.get(kind);
    waiting.set(kind, { kind, times: (known ? known.times : 0) + 1, text: text || (known ? known.text : "") });
    clearTimeout(timer); timer = setTimeout(tell, QUIET_MS);
  };
  const tell = async () => {
    for (const [kind, remark] of [...waiting]) {
      waiting.delete(kind);
      try { await api.post("/api/remarks", remark); }
      catch (error) { if (!error.status || error.status === 503) { waiting.set(kind, remark); timer = setTimeout(tell, 5 * QUIET_MS); return; } }
    }
  };
  let left = 0;
  window.addEventListener("blur", () => { left = performance.now(); });
  window.addEventListener("focus", () => {
    if (left && performance.now() - left > 500) note("focus", `${Math.round((performance.now() - left) / 1000)} 秒`);
    left = 0;
  });
  document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) note("fullscreen"); });
  const own = new OwnWords();
  for (const kind of ["paste", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!active() || own.come(event)) return;
      event.preventDefault();
      say("考试中不能粘贴或拖入外来的内容，请直接输入。同一题内可以移动自己写的文字。");
      note("paste");
    });
  }
  return note;
}

// The candidate's own words may be moved about inside one item.
class OwnWords {
  constructor() {
    this.item = ""; this.words = "";
    for (const kind of ["copy", "cut", "dragstart"]) document.addEventListener(kind, (event) => this.taken(event), true);
  }

  taken(event) {
    const field = event.target;
    const written = field.matches && field.matches("input, textarea");
    this.item = written ? itemOf(field) : "";
    this.words = written ? field.value.slice(field.selectionStart, field.selectionEnd) : "";
  }

  // Whether what is pasted or dropped was taken from the same item.
  come(event) {
    const data = event.clipboardData || event.dataTransfer;
    const same = (text) => text.replace(/\r\n/g, "\n") === this.words;
    return Boolean(this.item && this.words && data && itemOf(event.target) === this.item && same(data.getData("text/plain")));
  }
}

function itemOf(node) {
  const item = node.closest ? node.closest("fieldset.item") : null;
  return item ? item.dataset.item : "";
}
