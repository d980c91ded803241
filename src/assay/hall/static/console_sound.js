// A soft sound when something new needs a hand. It is made, not loaded; whoever does not want it switches it off, and that is kept.
const KEY = "assay-console-silent";
const kept = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
let silent = kept() === "yes", context = null, heard = null;

export const isSilent = () => silent;
export function switchSound() {
  silent = !silent;
  try { localStorage.setItem(KEY, silent ? "yes" : "no"); } catch { /* then it holds for this page */ }
  if (!silent) chime();
}

function tone(hertz, begins, lasts) {
  const from = context.currentTime + begins, swell = context.createGain(), voice = context.createOscillator();
  voice.frequency.value = hertz;
  swell.gain.setValueAtTime(0, from);
  swell.gain.linearRampToValueAtTime(0.08, from + 0.03);
  swell.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
  voice.connect(swell); swell.connect(context.destination);
  voice.start(from); voice.stop(from + lasts);
}

// A browser lets a page sound only once somebody has pressed something on it: before that it stays still.
function chime() {
  if (!window.AudioContext) return;
  context = context || new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  if (context.state === "running") { tone(660, 0, 0.35); tone(880, 0.16, 0.45); }
}

// The keys of what needs a hand now: what is new among them is heard, save what was there when the page was opened.
export function hearNews(keys) {
  const isNew = heard !== null && keys.some((key) => !heard.has(key));
  heard = new Set(keys);
  if (isNew && !silent) chime();
}
