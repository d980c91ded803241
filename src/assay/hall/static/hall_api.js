// Requests to the hall. Plain HTTP; whoever calls decides what to do when it fails.
export class HallError extends Error {
  constructor(status, body) { super(body.message || "无法连接"); this.status = status; this.body = body; }
}

// What Safe Exam Browser tells the page about itself, where it does not tell the server in every request.
function lockedBrowser() {
  const told = globalThis.SafeExamBrowser && globalThis.SafeExamBrowser.security;
  if (!told) return {};
  return { "X-SafeExamBrowser-ConfigKeyHash": told.configKey || "", "X-SafeExamBrowser-RequestHash": told.browserExamKey || "" };
}

// The page's door: in a room that asks for the locked browser every request says it (see locked_rooms.py).
export const door = new URLSearchParams(location.search).get("door") || "";
const byDoor = (path) => (door ? `${path}?door=${encodeURIComponent(door)}` : path);

export class Api {
  // `unreached`: what is said when the hall cannot be reached; it differs with what stands on the page.
  // `told` hears after every request whether the hall could be reached.
  constructor(token = "", unreached = "暂时连接不上考试服务器，稍后自动重试") { this.token = token; this.unreached = unreached; this.told = () => {}; }

  async ask(method, path, body) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 8000);
    try {
      const response = await fetch(byDoor(path), {
        method, cache: "no-store", signal: control.signal,
        headers: { ...lockedBrowser(), ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : undefined,
      });
      const answer = await response.json().catch(() => ({}));
      this.told(true);
      if (!response.ok) throw new HallError(response.status, answer);
      return answer;
    } catch (error) {
      if (error instanceof HallError) throw error;
      this.told(false);
      throw new HallError(0, { message: this.unreached });
    } finally { clearTimeout(timer); }
  }

  get(path) { return this.ask("GET", path); }
  post(path, body = {}) { return this.ask("POST", path, body); }

  async blob(digest) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 20000);
    try {
      const headers = { ...lockedBrowser(), Authorization: `Bearer ${this.token}` };
      const response = await fetch(byDoor(`/api/blobs/${digest}`), { headers, signal: control.signal });
      if (!response.ok) throw new HallError(response.status, {});
      return URL.createObjectURL(await response.blob());
    } finally { clearTimeout(timer); }
  }
}

// Make an element: el("p", {class: "x"}, "text", child…). Text is never parsed as HTML.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

export function clockText(ms) {
  const seconds = Math.max(Math.ceil(ms / 1000), 0);
  const pad = (n) => String(n).padStart(2, "0");
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

// A moment of the hall's clock (ms) as people in China read it.
export function timeText(ms) { return new Date(ms).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false }); }
