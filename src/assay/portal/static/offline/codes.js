// What a QR code of a certificate says, in its first form (certificates/credential.py) and its second (certificates/codes.py).
import { fromBase32, fromBase64, fromUtf8, utf8 } from "./bytes.js";
import { decoded, rightlySigned, signedBy, takenApart } from "./signing.js";

const FIRST = /\/v\/([\w-]+)\.([\w-]+)(?:\.(\d+))?$/;
const SECOND = /\/V\/([A-Z2-7]+)$/i;
const DAY = 86_400_000;

/** {signed: "right" | "wrong" | "unknown", claim}; null for a text that is no certificate's code. */
export async function readCode(text, keys) {
  const first = FIRST.exec(text.trim());
  if (first) return firstForm(first[1], first[2], first[3] ?? "1", keys);
  const second = SECOND.exec(text.trim());
  return second ? secondForm(second[1], keys) : null;
}

async function firstForm(said, signature, number, keys) {
  const key = keys.find((one) => one.number === number);
  if (!key) return { signed: "unknown" };
  const [text, signed] = [fromBase64(said), fromBase64(signature)];
  if (!text || !signed || !(await rightlySigned(key.bytes, signed, text))) return { signed: "wrong" };
  const values = JSON.parse(fromUtf8(text));
  if (!Array.isArray(values) || values.length < 6) return { signed: "wrong" };
  const [named, name, occupation, job, level, issuedOn, edition] = values;
  return { signed: "right", claim: { number: named, name, occupation, job, level, issuedOn, edition: edition ?? 1, index: null } };
}

async function secondForm(text, keys) {
  const bytes = fromBase32(text);
  const message = bytes && takenApart(bytes);
  if (!message || message.header.size !== 2) return { signed: "wrong" };
  const signed = await signedBy(message, keys);
  if (signed !== "right") return { signed };
  const said = decoded(message.payload);
  if (!Array.isArray(said) || said.length !== 9 || said[0] !== 1) return { signed: "unknown" };
  const [, number, name, occupation, job, levelCode, days, edition, index] = said;
  const issuedOn = new Date(days * DAY).toISOString().slice(0, 10);
  return { signed, claim: { number, name, occupation, job, levelCode, issuedOn, edition, index } };
}

/** Whether a signed statement in JSON (the list for codes of the first form) is right under the key that it names. */
export async function statementSigned({ signature, ...said }, keys) {
  const [value, number] = String(signature).split(".");
  const key = keys.find((one) => one.number === (number ?? "1"));
  const bytes = fromBase64(value);
  return Boolean(key && bytes && (await rightlySigned(key.bytes, bytes, utf8(inOrder(said)))));
}

/** JSON with names in order and no spaces. */
function inOrder(value) {
  if (Array.isArray(value)) return `[${value.map(inOrder).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${inOrder(value[name])}`).join(",")}}`;
}
