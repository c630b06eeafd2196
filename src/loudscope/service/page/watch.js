// Follows one result until it is final: by a socket, and by polling while there is none.
import { ask, Refusal, socketAddress } from "./server.js";

const FINAL = ["done", "failed", "cancelled"];
const POLL = 1000; // ms between two questions; more while the server does not answer
const SLOWEST = 10000;
const SILENCE = 20000; // longer than between two of the server's signs of life

export const isFinal = (status) => FINAL.includes(status?.stage);

class Watch {
  constructor(token, { told, gone, link }) {
    Object.assign(this, { token, told, gone, link, over: false, socket: null, heard: 0, tries: 0, misses: 0 });
    this.now = this.now.bind(this);
    window.addEventListener("online", this.now);
    this.open();
    this.later(POLL * 2);
  }

  finish() {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    window.removeEventListener("online", this.now);
    this.socket?.close();
  }

  take(status) {
    if (this.over) return;
    this.told(status);
    if (isFinal(status)) this.finish();
  }

  lose(refusal) {
    if (this.over) return;
    this.finish();
    this.gone(refusal);
  }

  socketIsWell() {
    return this.socket?.readyState === 1 && Date.now() - this.heard < SILENCE;
  }

  open() {
    if (this.over) return;
    const socket = new WebSocket(socketAddress(`ws/${this.token}`));
    this.socket = socket;
    socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    socket.onclose = () => this.socket === socket && this.shut();
  }

  hear(message) {
    if (this.over) return;
    Object.assign(this, { heard: Date.now(), tries: 0, misses: 0 });
    this.link("socket");
    if (message.type === "status") this.take(message);
    if (message.type === "problem") this.lose(new Refusal(message.code, message.detail, message));
  }

  shut() {
    if (this.over) return;
    this.later(0);
    this.tries += 1;
    this.retry = setTimeout(() => this.open(), Math.min(1000 * 2 ** this.tries, 15000));
  }

  later(delay) {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => this.poll(), delay);
  }

  async poll() {
    if (this.over || this.socketIsWell()) { this.later(POLL); return; }
    try {
      const status = await ask(`result/${this.token}`);
      this.misses = 0;
      if (!this.over && !this.socketIsWell()) this.link("polling");
      this.take(status);
    } catch (refusal) {
      if (refusal.status === 404 || refusal.status === 410) this.lose(refusal);
      else this.miss();
    }
    this.later(Math.min(POLL * 2 ** this.misses, SLOWEST));
  }

  miss() {
    this.misses += 1;
    if (!this.over) this.link("lost");
  }

  now() {
    Object.assign(this, { tries: 0, misses: 0 });
    clearTimeout(this.retry);
    if (this.socket?.readyState !== 1) this.open();
    this.later(0);
  }
}

// told(status), gone(refusal), link("socket" | "polling" | "lost"). Answers a function that stops.
export function watch(token, on) {
  const following = new Watch(token, on);
  return () => following.finish();
}
