// What the offline check of certificates borrows, in one file that asks for no other: scripts/fetch-assets bundles it.
export { sha512 } from "@noble/hashes/sha2.js";
export { hashes, verify } from "@noble/ed25519";
export { decode } from "cborg";
export { unzlibSync } from "fflate";
export { decodeQR } from "qr/decode.js";
