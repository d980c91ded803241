// Opening the sealed paper and sealing an answer file: AES-256-GCM that also works where a page is not a secure context
// (plain http inside a computer room), where the browser's own crypto.subtle is missing.
import { gcm } from "/static/vendor/noble/aes.js";

export function bytes(base64) { return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)); }

function base64(array) {
  let text = "";
  for (const byte of array) text += String.fromCharCode(byte);
  return btoa(text);
}

export function openPaper(sealed, key) {
  const plain = gcm(bytes(key), bytes(sealed.nonce)).decrypt(bytes(sealed.sealed));
  return JSON.parse(new TextDecoder().decode(plain));
}

// What the invigilator carries over when the hall cannot be reached: readable by the hall alone, bound to this sitting.
export function answerFile(profile, fileKey, entries) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bound = new TextEncoder().encode(`${profile.pack}\x1f${profile.sitting}`);
  const answers = entries.map(({ item, choice, rev, at }) => ({ item, choice, rev, at: Math.round(at) }));
  const sealed = gcm(bytes(fileKey), nonce, bound).encrypt(new TextEncoder().encode(JSON.stringify(answers)));
  const file = { version: 1, pack: profile.pack, sitting: profile.sitting, nonce: base64(nonce), sealed: base64(sealed) };
  return new Blob([JSON.stringify(file)], { type: "application/json" });
}
