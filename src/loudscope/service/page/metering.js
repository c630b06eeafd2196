// The live meter's state, and its way from idle to running and back.
import { Refusal } from "./server.js";
import { openSession } from "./session.js";
import { begun, cleared, note } from "./series.js";
import { file, microphone, tab } from "./sources.js";
import { say, shared } from "./shared.js";

const SOURCES = { microphone, tab, file };
export const IDLE = { phase: "idle", reading: null, peaks: [], lost: 0, refusal: null, about: "" };

// phase: idle, opening, running, paused, ending, over
export const live = shared(IDLE);
let parts = null; // {kind, context, source, worklet, session} of what runs
let fileContext = null; // an audio element's node cannot move to another one

const change = (part) => live.set({ ...live.get(), ...part });
export const isOn = (phase) => ["opening", "running", "paused", "ending"].includes(phase);

export async function begin(kind, options) {
  if (isOn(live.get().phase)) return;
  cleared();
  live.set({ ...IDLE, phase: "opening" });
  say("The meter opens.");
  const mine = { kind };
  parts = mine;
  try {
    await open(mine, options);
  } catch (error) {
    if (parts !== mine) return;
    close();
    fail(error instanceof Refusal ? error : new Refusal("failed", `The browser says: ${error.message}`));
  }
}

async function open(mine, options) {
  const context = contextOf(mine.kind);
  mine.context = context;
  await context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
  await context.resume();
  const flow = (on) => parts === mine && pour(mine, on);
  const source = await SOURCES[mine.kind](context, { ...options, flow, ended: () => parts === mine && end() });
  if (parts !== mine) { source.stop(); return; }
  mine.source = source;
  const processorOptions = { quiet: mine.kind !== "file" };
  mine.worklet = new AudioWorkletNode(context, "loudscope-frames", { channelCountMode: "max", processorOptions });
  mine.worklet.port.onmessage = ({ data }) => parts === mine && hear(mine, data);
  source.node.connect(mine.worklet);
  mine.worklet.connect(context.destination); // it is silent, and is run only where it leads somewhere
  await source.start();
}

function contextOf(kind) {
  if (!window.AudioWorkletNode) throw new Refusal("unsupported", "This browser has no AudioWorklet; a newer one does, over HTTPS or on this very machine.");
  if (kind !== "file") return new AudioContext();
  fileContext ??= new AudioContext();
  return fileContext;
}

function hear(mine, { channels, frames, peaks, end: last }) {
  if (channels) mine.session = openSession({ rate: mine.context.sampleRate, channels }, heardBy(mine));
  if (frames) { mine.session.push(frames); change({ peaks: [...peaks] }); }
  if (last) { if (mine.session) mine.session.finish(); else over(null); }
}

function heardBy(mine) {
  const here = (act) => (value) => parts === mine && act(value);
  return {
    session: here(({ rate, layout }) => {
      const about = [mine.source?.about, `${rate / 1000} kHz`, layout].filter(Boolean).join(" · ");
      begun();
      change({ phase: "running", about });
      say("The meter runs.");
    }),
    reading: here((reading) => { note(reading); change({ reading }); }),
    lost: here((lost) => change({ lost })),
    over: here(over),
  };
}

function pour(mine, on) {
  mine.worklet?.port.postMessage(on ? "go on" : "pause");
  const { phase } = live.get();
  if (on && phase === "paused") change({ phase: "running" });
  if (!on && phase === "running") change({ phase: "paused", peaks: [] });
}

function over(refusal) {
  close();
  if (refusal) { fail(refusal); return; }
  change({ phase: "over", peaks: [] });
  say("The meter has stopped; the figures stay.");
}

function fail(refusal) {
  change({ phase: "over", peaks: [], refusal });
}

// The rest of the sound is handed over, then the last reading awaited.
export function end() {
  if (!parts || live.get().phase === "ending") return;
  if (!parts.worklet) { over(null); return; }
  change({ phase: "ending" });
  parts.worklet.port.postMessage("end");
}

// At once, without the last reading: the view is left.
export function leave() {
  parts?.session?.drop();
  if (parts) over(null);
}

function close() {
  const { source, worklet, context, session, kind } = parts ?? {};
  parts = null;
  session?.drop();
  source?.stop();
  if (worklet) { source.node.disconnect(worklet); worklet.disconnect(); }
  if (kind !== "file") context?.close();
}
