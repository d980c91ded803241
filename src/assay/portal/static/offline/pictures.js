// QR codes in pictures, and in PDF files: the address that our own certificates carry, or the pictures of a scan.

const SIZES = [1600, 4096, 900];
const PDF_ADDRESS = /\((https?:\/\/[^()\s]+\/v\/[\w.-]{40,})\)/i;

/** The text of the QR code on something that can be drawn; null when none is found. */
export function codeOn(drawable, width, height, sizes = SIZES) {
  for (const size of sizes) {
    const scale = Math.min(1, size / Math.max(width, height));
    const found = read(drawable, Math.round(width * scale), Math.round(height * scale));
    if (found) return found;
  }
  return null;
}

function read(drawable, width, height) {
  if (!width || !height) return null;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "white"; // behind what is transparent
  pen.fillRect(0, 0, width, height);
  pen.drawImage(drawable, 0, 0, width, height);
  try {
    return borrowed.decodeQR(pen.getImageData(0, 0, width, height)) || null;
  } catch {
    return null;
  }
}

/** The text of the QR code in a picture file; null when there is none, or it is no picture. */
export async function codeInPicture(file) {
  try {
    const picture = await createImageBitmap(file);
    return codeOn(picture, picture.width, picture.height);
  } catch {
    return null;
  }
}

export function isPdf(bytes) {
  return asText(bytes.subarray(0, 1024)).includes("%PDF-");
}

/** The code in a PDF: our certificates carry its address as a link; a scan is a JPEG picture on a page. */
export async function codeInPdf(bytes) {
  const text = asText(bytes);
  const parts = streams(bytes, text);
  for (const said of [text, ...parts.map(unpacked)]) {
    const found = PDF_ADDRESS.exec(said);
    if (found) return found[1];
  }
  for (const part of parts.filter((one) => one[0] === 0xff && one[1] === 0xd8)) {
    const found = await codeInPicture(new Blob([part], { type: "image/jpeg" }));
    if (found) return found;
  }
  return null;
}

function streams(bytes, text) {
  return Array.from(text.matchAll(/stream\r?\n([\s\S]*?)endstream/g), (found) => {
    const begins = found.index + found[0].indexOf("\n") + 1;
    return bytes.subarray(begins, begins + found[1].length);
  });
}

function unpacked(part) {
  try {
    return asText(borrowed.unzlibSync(part));
  } catch {
    return "";
  }
}

/** One sign a byte. */
function asText(bytes) {
  return new TextDecoder("latin1").decode(bytes);
}
