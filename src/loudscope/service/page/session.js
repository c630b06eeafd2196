// One live session at the server: frames out, readings in.
import { apiKey, Refusal, socketAddress } from "./server.js";

const LAYOUTS = { 1: "mono", 2: "stereo", 4: "quad", 6: "5.1" }; // as Web Audio orders them
const MOST_SECONDS = 4; // of sound that may wait to be sent; then some is left out
const LEAST_SECONDS = 0.5; // ... until no more than this waits
const BEFORE_OPEN = 50; // chunks
const PATIENCE = 4000; // ms for the last reading

function protocols() {
  if (!apiKey()) return ["loudscope"];
  const bytes = String.fromCharCode(...new TextEncoder().encode(apiKey()));
  return ["loudscope", `loudscope.key.${btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`];
}

class Session {
  constructor(query, bytesPerSecond, on) {
    Object.assign(this, { bytesPerSecond, on, before: [], skipping: false, lost: 0, ended: false, heard: false });
    this.socket = new WebSocket(socketAddress(`live?${query}`), protocols());
    this.socket.onopen = () => this.begin();
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = (event) => on.over(this.ended ? null : refusalOf(event, this.heard));
  }

  begin() {
    for (const frames of this.before.splice(0)) this.socket.send(frames);
    if (this.ended) this.finish();
  }

  hear(message) {
    if (message.type === "session") { this.heard = true; this.on.session(message); }
    if (message.type === "reading") this.on.reading(message);
  }

  push(frames) {
    const { socket } = this;
    if (this.ended || socket.readyState > 1) return;
    if (socket.readyState === 0) { this.before.push(frames); this.before.splice(0, this.before.length - BEFORE_OPEN); return; }
    this.skipping = socket.bufferedAmount > this.bytesPerSecond * (this.skipping ? LEAST_SECONDS : MOST_SECONDS);
    if (!this.skipping) { socket.send(frames); return; }
    this.lost += frames.byteLength / this.bytesPerSecond;
    this.on.lost(this.lost);
  }

  // Asks for the last reading; the server closes after it.
  finish() {
    this.ended = true;
    if (this.socket.readyState === 0) return;
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify({ type: "end" }));
    setTimeout(() => this.socket.close(), PATIENCE);
  }

  drop() {
    this.ended = true;
    this.socket.onclose = null;
    this.socket.close();
  }
}

// on: {session(message), reading(reading), lost(seconds), over(null or a Refusal)}
export function openSession({ rate, channels }, on) {
  const query = new URLSearchParams({ rate, channels, ...(LAYOUTS[channels] && { layout: LAYOUTS[channels] }) });
  return new Session(query, rate * channels * 4, on);
}

function refusalOf({ code, reason }, heard) {
  if (code === 1013) return new Refusal("full", "All places of the live meter are taken. Try again in a while.");
  if (code === 1008 && reason.startsWith("idle")) return new Refusal("idle", "No sound came for a while, so the server ended the session. Start again.");
  if (code === 1008) return new Refusal("refused", `The server says: ${reason || "this cannot be measured"}.`);
  if (code === 1007) return new Refusal("refused", `The sound was not understood: ${reason || "no reason was given"}.`);
  if (code === 1000) return new Refusal("time_over", "A session may last only so long. The figures stay; start again for new ones.");
  if (code === 1012 || code === 1001) return new Refusal("restart", "The server restarts. Start again in a moment.");
  if (!navigator.onLine) return new Refusal("offline", "You are offline. The figures up to now stay.");
  if (!heard) return new Refusal("unreachable", "The server does not answer, or does not let this page in.");
  return new Refusal("broken_off", "The connection to the server broke. The figures up to now stay; start again for new ones.");
}
