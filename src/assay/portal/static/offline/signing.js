// Ed25519, and the COSE_Sign1 message around it (RFC 9052): as certificates/cose.py.
// By the browser's own Ed25519 where it has it; older browsers, and pages over plain http, have none and borrow one.
import { hex, joined, utf8 } from "./bytes.js";

const ALG = 1;
const KEY_ID = 4;
const ALGORITHMS = [-8, -19];
const CONTEXT = joined([0x84, 0x6a], utf8("Signature1"));

borrowed.hashes.sha512 = borrowed.sha512;

export async function rightlySigned(publicKey, signature, said) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, said);
  } catch {
    return borrowedSaysSo(publicKey, signature, said);
  }
}

function borrowedSaysSo(publicKey, signature, said) {
  try {
    return borrowed.verify(signature, said, publicKey);
  } catch {
    return false;
  }
}

/** What one CBOR item says, written the one way in which we write it; null for anything else. */
export function decoded(bytes, tags = {}) {
  try {
    return borrowed.decode(bytes, {
      strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true, useMaps: true, tags,
    });
  } catch {
    return null;
  }
}

/** A tagged COSE_Sign1 message taken apart; null for anything else. */
export function takenApart(bytes) {
  const parts = decoded(bytes, { 18: (decode) => ({ tagged: decode() }) })?.tagged;
  if (!Array.isArray(parts) || parts.length !== 4 || !(parts[1] instanceof Map)) return null;
  const [protectedPart, , payload, signature] = parts;
  if (![protectedPart, payload, signature].every((part) => part instanceof Uint8Array)) return null;
  const header = protectedPart.length ? decoded(protectedPart) : new Map();
  if (!(header instanceof Map)) return null;
  return { protectedPart, payload, signature, header };
}

/** Whether one of the keys that the message names has signed it: "right", "wrong", or "unknown" when we have no such key. */
export async function signedBy(message, keys) {
  const named = message.header.get(KEY_ID);
  if (!ALGORITHMS.includes(message.header.get(ALG)) || !(named instanceof Uint8Array)) return "wrong";
  const fitting = keys.filter((key) => key.kid === hex(named));
  if (!fitting.length) return "unknown";
  const said = joined(CONTEXT, asBytes(message.protectedPart), [0x40], asBytes(message.payload));
  for (const key of fitting) {
    if (await rightlySigned(key.bytes, message.signature, said)) return "right";
  }
  return "wrong";
}

/** A byte string as CBOR writes it. */
function asBytes(part) {
  const { length } = part;
  if (length < 24) return joined([0x40 + length], part);
  if (length < 0x100) return joined([0x58, length], part);
  if (length < 0x10000) return joined([0x59, length >> 8, length & 0xff], part);
  return joined([0x5a, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff], part);
}
