// The console's line to the hall: its pass, sending a deed, pictures of people, and what is said of it.
import { Api } from "./hall_api.js";

const KEY = "assay-room";
const kept = (() => { try { return sessionStorage.getItem(KEY); } catch { return ""; } })();
export const token = new URLSearchParams(location.hash.slice(1)).get("token") || kept || "";
try { sessionStorage.setItem(KEY, token); } catch { /* the pass then lives as long as the page */ }
history.replaceState(null, "", "/room");
export const api = new Api(token, "考试服务器连接不上：这一步没有办理。连接恢复（右上角显示“实时”）后请再办一次");
export const withToken = { headers: { Authorization: `Bearer ${token}` } };

let redraw = () => {};
export function whenDone(draw) { redraw = draw; }
export const drawAgain = () => redraw();

// What became of the last deed, for a while. It has a place of its own in the bar, or at the foot of the dialog that lies on top: it
// covers nothing and stands in one place only.
let saying = "", timer = 0;
export const said = () => saying;
export function hush() { clearTimeout(timer); saying = ""; }
export function toast(text) {
  hush(); saying = text; redraw();
  timer = setTimeout(() => { hush(); redraw(); }, 6000);
}

export async function act(action, done) {
  try { await api.post("/room/act", action); toast(done); return true; } catch (error) { toast(error.message); return false; }
}

// Photos come with the pass in a header, so they are fetched, once each, and drawn when they are there.
const photos = new Map();
export function photoOf(sitting) {
  if (sitting.photo && !photos.has(sitting.id)) {
    photos.set(sitting.id, "");
    fetch(`/room/photos/${sitting.id}`, withToken).then((r) => (r.ok ? r.blob() : Promise.reject(new Error("none"))))
      .then((blob) => { photos.set(sitting.id, URL.createObjectURL(blob)); redraw(); }).catch(() => {});
  }
  return photos.get(sitting.id) || "";
}
