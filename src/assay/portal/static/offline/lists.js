// The signed lists of what became of certificates: by index for codes of the second form, by number for those of the first.
import { statementSigned } from "./codes.js";
import { decoded, signedBy, takenApart } from "./signing.js";

const TYPE = 16;
const KIND = "application/statuslist+cwt";
const [ISSUED, TTL, LIST] = [6, 65534, 65533];

/** {asOf: Date, lasts: milliseconds, of(index)}; null when it is no list, or none of ours. */
export async function readStatuses(bytes, keys) {
  const message = takenApart(bytes);
  if (message?.header.get(TYPE) !== KIND || (await signedBy(message, keys)) !== "right") return null;
  const claims = decoded(message.payload);
  const listed = claims?.get(LIST);
  if (!listed) return null;
  const bits = listed.get("bits");
  const values = borrowed.unzlibSync(listed.get("lst"));
  return { asOf: new Date(claims.get(ISSUED) * 1000), lasts: claims.get(TTL) * 1000, of: (index) => valueAt(values, index, bits) };
}

/** The value at an index; null when the list does not go so far. */
function valueAt(values, index, bits) {
  const place = index * bits;
  const byte = values[Math.floor(place / 8)];
  return byte === undefined ? null : (byte >> (place % 8)) & ((1 << bits) - 1);
}

/** {asOf: Date, withdrawn: {number: {on, ground}}, corrected: {number: edition}}; null when it is none of ours. */
export async function readRevoked(list, keys) {
  if (!list || !(await statementSigned(list, keys))) return null;
  return { asOf: new Date(list.as_of), withdrawn: list.withdrawn, corrected: list.corrected };
}
