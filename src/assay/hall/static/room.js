// The invigilator's console: rooms and seats live, and what may be done in them. Here: what is heard, and when it is drawn.
import { el } from "./hall_api.js";
import { listen } from "./events.js";
import { patch } from "./live.js";
import { redrawDialogs } from "./console_dialogs.js";
import { token, whenDone } from "./console_line.js";
import { known } from "./console_state.js";
import { page } from "./console_view.js";
import { keepToTheirLayer } from "./double_clicks.js";

const SILENT_MS = 15000;
const app = document.getElementById("app");
app.dataset.begun = "yes"; // for boot.js: the program is here
let lastHeard = Date.now(), drawing = false;

function draw() {
  if (!known.picture) return;
  document.getElementById("rehearsal").hidden = !known.picture.rehearsal;
  app.classList.toggle("cut", !known.online);
  patch(app, page());
  redrawDialogs();
}
whenDone(draw);
keepToTheirLayer();

// Many changes at once are drawn once.
function drawSoon() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => { drawing = false; draw(); }, 150);
}

function heard(name, data) {
  known.ahead = data.at - Date.now(); known.heardAt = data.at;
  known.online = true; lastHeard = Date.now();
  if (name === "whole") known.picture = data;
  if (name === "seats") {
    const room = known.picture.rooms.find((r) => r.id === data.news.room.id);
    Object.assign(room, data.news.room);
    for (const sitting of room.sittings) if (data.news.seats[sitting.id]) sitting.now = data.news.seats[sitting.id];
  }
  drawSoon();
}

// Clocks run on between the news; the hall says something every ten seconds.
setInterval(() => {
  if (known.online && Date.now() - lastHeard > SILENT_MS) known.online = false;
  draw();
}, 1000);

async function loop() {
  try { await listen("/room/events", token, heard); }
  catch (error) {
    if (error.status === 401) { known.picture = null; app.replaceChildren(el("p", { class: "center" }, error.message)); return; }
  }
  known.online = false; drawSoon();
  setTimeout(loop, 1500);
}
loop();
