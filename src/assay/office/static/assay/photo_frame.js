// input[data-photo-frame]: the chosen picture stands upright in a frame of one inch and is moved, made larger and turned in it; what is
// in the frame is the file that is sent, without what the camera wrote beside it. Without this script the server cuts out the middle.
"use strict";

const WIDTH = 295;
const HEIGHT = 413;
const LARGEST_SIDE = 1600; // as much as a one-inch photo ever needs; telephones have little memory for drawing
const MOST_ZOOM = 4;
const STEP = 8;
const QUALITY = 0.92;
const UNREADABLE = "打不开这张照片。请换一张 JPG 或 PNG；苹果手机的 HEIC 照片，可打开后截一张图，选择截图。";
const SMALL = "框内的照片偏小，打印出来会模糊，请拍得近一些或缩小一些。";

const between = (least, value, most) => Math.min(Math.max(value, least), most);

function made(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A picture the right way up (browsers heed the camera's note), on white, no larger than needed.
async function opened(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const scale = Math.min(1, LARGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    return drawn(image.naturalWidth * scale, image.naturalHeight * scale, (context, width, height) => {
      context.drawImage(image, 0, 0, width, height);
    });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function drawn(width, height, draw) {
  const canvas = made("canvas", { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  draw(context, canvas.width, canvas.height);
  return canvas;
}

const turned = (picture) => drawn(picture.height, picture.width, (context, width) => {
  context.translate(width, 0);
  context.rotate(Math.PI / 2);
  context.drawImage(picture, 0, 0);
});

class Frame {
  constructor(input) {
    this.input = input;
    this.name = "";
    this.picture = null;
    this.fingers = new Map();
    this.canvas = made("canvas", {
      width: WIDTH, height: HEIGHT, tabindex: "0", role: "application", "aria-label": "取景框：方向键移动，加减号缩放",
    });
    this.zoom = made("input", { type: "range", class: "form-range", min: "1", max: String(MOST_ZOOM), step: "0.02", id: `${input.id}-zoom` });
    const turn = made("button", { type: "button", class: "btn" }, "转 90°");
    const reset = made("button", { type: "button", class: "btn" }, "还原");
    this.said = made("p", { class: "photo-crop-said", role: "status" });
    this.tools = made("div", { class: "photo-crop", hidden: "" }, this.canvas,
      made("div", { class: "photo-crop-tools" },
        made("p", { class: "form-hint" }, "框内就是提交的照片：拖动使头部居中，头顶上方留一点空白。"),
        made("label", { class: "form-label", for: this.zoom.id }, "放大"), this.zoom,
        made("div", { class: "d-flex gap-2" }, turn, reset), this.said));
    const whole = made("div", { "data-with-file": "" });
    const field = input.closest(".file-field") || input;
    field.replaceWith(whole);
    whole.append(field, this.tools);
    input.addEventListener("change", () => this.take());
    this.zoom.addEventListener("input", () => this.show());
    turn.addEventListener("click", () => { this.picture = turned(this.picture); this.begin(); this.show(); });
    reset.addEventListener("click", () => { this.begin(); this.show(); });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.enlarge(event.deltaY < 0 ? 1.05 : 1 / 1.05); }, { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => { this.canvas.setPointerCapture(event.pointerId); this.fingers.set(event.pointerId, event); });
    this.canvas.addEventListener("pointermove", (event) => this.finger(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    if (input.files.length) void this.take();
  }

  // A photo that has its size already is sent as it came until somebody moves it.
  async take() {
    const file = this.input.files[0];
    this.tools.hidden = true;
    this.said.textContent = "";
    if (!file) return;
    try {
      this.picture = await opened(file);
    } catch {
      this.refuse();
      return;
    }
    if (this.input.files[0] !== file) return; // another was chosen meanwhile
    this.name = `${file.name.replace(/\.[^.]*$/, "") || "照片"}.jpg`;
    this.begin();
    this.draw();
    this.tools.hidden = false;
    const fit = file.type === "image/jpeg" && this.picture.width === WIDTH && this.picture.height === HEIGHT;
    if (!fit) this.put();
  }

  refuse() {
    this.input.value = "";
    this.tell();
    const alert = made("div", { class: "invalid-feedback d-block", role: "alert" }, UNREADABLE);
    this.tools.after(alert);
    this.input.addEventListener("change", () => alert.remove(), { once: true });
  }

  begin() {
    this.zoom.value = "1";
    this.x = this.picture.width / 2;
    this.y = this.picture.height / 2;
  }

  // How many pixels of the picture make one of the frame.
  get grain() {
    return Math.min(this.picture.width / WIDTH, this.picture.height / HEIGHT) / Number(this.zoom.value);
  }

  move(right, down) {
    this.x -= right * this.grain;
    this.y -= down * this.grain;
    this.show();
  }

  enlarge(times) {
    this.zoom.value = String(between(1, Number(this.zoom.value) * times, MOST_ZOOM));
    this.show();
  }

  key(event) {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (way) this.move(...way);
    else if (event.key === "+" || event.key === "=") this.enlarge(1.05);
    else if (event.key === "-") this.enlarge(1 / 1.05);
    else return;
    event.preventDefault();
  }

  // One finger moves, two make larger or smaller by how far they are apart.
  finger(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const other = [...this.fingers.values()].find((one) => one.pointerId !== event.pointerId);
    this.fingers.set(event.pointerId, event);
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (other) {
      this.enlarge(apart(event) / Math.max(1, apart(before)));
      return;
    }
    const shown = WIDTH / this.canvas.clientWidth;
    this.move((event.clientX - before.clientX) * shown, (event.clientY - before.clientY) * shown);
  }

  show() {
    this.draw();
    this.put();
  }

  draw() {
    const [width, height] = [WIDTH * this.grain, HEIGHT * this.grain];
    this.x = between(width / 2, this.x, this.picture.width - width / 2);
    this.y = between(height / 2, this.y, this.picture.height - height / 2);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.picture, this.x - width / 2, this.y - height / 2, width, height, 0, 0, WIDTH, HEIGHT);
    this.said.textContent = this.grain < 0.6 ? SMALL : "";
  }

  // Put what is in the frame into the field, as if it had been chosen.
  put() {
    const [, text] = this.canvas.toDataURL("image/jpeg", QUALITY).split(",");
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], this.name, { type: "image/jpeg" }));
    this.input.files = chosen.files;
    this.tell();
  }

  // What is chosen has changed without anybody's hand at the field.
  tell() { this.input.dispatchEvent(new Event("assay:chosen", { bubbles: true })); }
}

function framed(part) {
  for (const input of part.querySelectorAll("input[data-photo-frame]")) {
    if (!input.closest("[data-with-file]")) new Frame(input);
  }
}
framed(document);
document.addEventListener("assay:mended", (event) => framed(event.target));
