// Where live sound comes from. Each answers {node, about, start, stop} or throws a Refusal in plain
// words; `start` is called once the node leads to the meter.
import { Refusal } from "./server.js";

// What a browser does to a voice on the way would be measured as well.
const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const DENIED = {
  microphone: new Refusal("denied", "The browser or the system does not let this page listen. Allow the microphone in the address bar, then start again."),
  tab: new Refusal("denied", "Nothing was shared. Start again, choose a tab, and tick “Also share tab audio”."),
};
const REFUSED = {
  NotFoundError: new Refusal("no_device", "There is no microphone. Plug one in, then start again."),
  OverconstrainedError: new Refusal("no_device", "This device is not there any more. Choose another one."),
  NotReadableError: new Refusal("busy_device", "The system does not hand the device over; another program may hold it."),
};

function refusalOf(error, kind) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError" || error.name === "AbortError") return DENIED[kind];
  return REFUSED[error.name] ?? new Refusal("no_device", `The browser says: ${error.message}`);
}

function devices(method, words) {
  if (!window.isSecureContext) throw new Refusal("insecure", "A browser hands out sound only to pages over HTTPS, or of this very machine.");
  if (!navigator.mediaDevices?.[method]) throw new Refusal("unsupported", words);
  return navigator.mediaDevices;
}

export async function microphone(context, { device, ended }) {
  const media = devices("getUserMedia", "This browser knows no microphone.");
  const wanted = { ...PLAIN, channelCount: { ideal: 2 }, ...(device && { deviceId: { exact: device } }) };
  const stream = await media.getUserMedia({ audio: wanted }).catch((error) => { throw refusalOf(error, "microphone"); });
  return listening(context, stream, ended);
}

export async function tab(context, { ended }) {
  const media = devices("getDisplayMedia", "This browser cannot share a tab's sound; Chrome and Edge can.");
  const stream = await media.getDisplayMedia({ video: true, audio: { ...PLAIN, suppressLocalAudioPlayback: false } })
    .catch((error) => { throw refusalOf(error, "tab"); });
  if (stream.getAudioTracks().length) return listening(context, stream, ended);
  for (const track of stream.getTracks()) track.stop();
  throw new Refusal("no_sound", "What was shared has no sound. Choose a tab, and tick “Also share tab audio”.");
}

function listening(context, stream, ended) {
  const [sound] = stream.getAudioTracks();
  const node = context.createMediaStreamSource(stream);
  sound.addEventListener("ended", ended);
  return {
    node, about: sound.label, start() {},
    stop() {
      sound.removeEventListener("ended", ended);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

// An element can be tapped once only, so its node is kept with it, and is heard on.
const tapped = new WeakMap();

export async function file(context, { audio, ended, flow }) {
  if (!tapped.has(audio)) tapped.set(audio, context.createMediaElementSource(audio));
  const node = tapped.get(audio);
  node.connect(context.destination);
  if (!audio.paused) {
    const paused = new Promise((resolve) => audio.addEventListener("pause", resolve, { once: true }));
    audio.pause(); // it goes on once all of it is heard
    await paused;
  }
  const on = { ended, playing: () => flow(true), pause: () => flow(false), waiting: () => flow(false), seeking: () => flow(false) };
  for (const [name, act] of Object.entries(on)) audio.addEventListener(name, act);
  return {
    node, about: "", start: () => played(audio),
    stop() {
      for (const [name, act] of Object.entries(on)) audio.removeEventListener(name, act);
      audio.pause();
    },
  };
}

async function played(audio) {
  if (audio.ended) audio.currentTime = 0;
  try { await audio.play(); } catch (error) {
    if (error.name === "NotAllowedError") throw new Refusal("denied", "The browser did not let the file play. Press Start again.");
    throw new Refusal("unplayable", "This browser cannot play the file. Upload it under Tracks: the server decodes more formats.");
  }
}
