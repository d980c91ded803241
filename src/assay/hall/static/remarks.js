// What the page notices while the exam goes on is told to the hall as plain facts; nothing follows from them by itself.
const QUIET_MS = 2000;

export function noticing(api, active) {
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
  for (const kind of ["paste", "drop"]) document.addEventListener(kind, (event) => { event.preventDefault(); note("paste"); });
  return note;
}
