// The tracks of this page: two are sent at a time, each is followed until it is done.
import { ask, Refusal, send } from "./server.js";
import { drop, keep, onOtherTab, recall } from "./history.js";
import { isFinal, watch } from "./watch.js";
import { passesByItself, STAGES, trouble, VERDICTS, wantsKey } from "./words.js";
import { say, shared } from "./shared.js";

const AT_ONCE = 2;
const LEAST_WAIT = 2; // seconds before a refused upload is tried again

// Each: {id, phase, name, size, file, reference, genre, target, sent, token, expires, status,
// refusal, until, link}. Phases: waiting, sending, held, refused, following, final, gone.
export const tracks = shared([]);
export const keyWanted = shared(false);
const running = new Map(); // id: what ends its upload or its watching
let last = 0;
let heldUntil = 0;

export const find = (id) => tracks.get().find((track) => track.id === id);
export const byToken = (token) => tracks.get().find((track) => track.token === token);

function change(id, part) {
  tracks.set(tracks.get().map((track) => (track.id === id ? { ...track, ...part } : track)));
}

// choices: {genre, target, reference: a file or null}
export function add(files, choices, limits) {
  const added = files.map((file) => {
    const refusal = refusalOf(file, choices.reference, limits);
    const own = { id: ++last, phase: refusal ? "refused" : "waiting", name: file.name, size: file.size, file, refusal };
    return { ...choices, ...own, sent: 0, status: null };
  });
  tracks.set([...added, ...tracks.get()]);
  const refused = added.filter((track) => track.refusal);
  say(refused.length ? `${refused[0].name}: ${trouble(refused[0].refusal).title}.` : `${added.length === 1 ? added[0].name : `${added.length} files`} added.`);
  pump();
}

function refusalOf(file, reference, limits) {
  const most = limits?.upload_bytes ?? Infinity;
  const all = file.size + (reference?.size ?? 0);
  if (!file.size) return new Refusal("empty");
  if (all <= most) return null;
  const with_ = reference && file.size <= most ? " together with the reference" : "";
  return new Refusal("too_large", `${megabytes(all)} MB${with_}; this server takes ${megabytes(most)} MB.`);
}

const megabytes = (bytes) => Math.ceil(bytes / 2 ** 20);

export function pump() {
  if (Date.now() < heldUntil || keyWanted.get()) return;
  const sending = tracks.get().filter((track) => track.phase === "sending").length;
  const next = tracks.get().filter((track) => track.phase === "waiting").slice(-1)[0]; // the first that was added
  if (!next || sending >= AT_ONCE) return;
  start(next);
  pump();
}

function formOf({ file, reference, genre, target }) {
  const form = new FormData();
  if (genre) form.append("genre", genre);
  if (target) form.append("target", target);
  form.append("audio", file, file.name);
  if (reference) form.append("reference", reference, reference.name);
  return form;
}

async function start(track) {
  const { id } = track;
  const upload = send(formOf(track), (sent) => change(id, { sent }));
  running.set(id, upload.stop);
  change(id, { phase: "sending", sent: 0, refusal: null, until: null });
  try {
    const { token, expires_at: expires } = await upload.done;
    if (!find(id)) ask(`result/${token}`, "DELETE").catch(() => {}); // it was removed meanwhile
    else follow({ ...find(id), token, expires: expires * 1000 });
  } catch (refusal) {
    running.delete(id);
    if (find(id)) refuse(id, refusal);
  }
  pump();
}

function refuse(id, refusal) {
  const track = find(id);
  if (passesByItself(refusal) || refusal.code === "offline") return hold(id, refusal);
  if (wantsKey(refusal)) keyWanted.set(true);
  change(id, { phase: "refused", refusal });
  return say(`${track.name}: ${trouble(refusal).title}.`);
}

// All uploads wait, for each would be refused; the one that was refused is the next.
function hold(id, refusal) {
  const seconds = Math.max(refusal.wait ?? 5, LEAST_WAIT);
  heldUntil = Math.max(heldUntil, Date.now() + seconds * 1000);
  change(id, { phase: "held", refusal, until: heldUntil });
  say(`${find(id).name}: ${trouble(refusal).title}.`);
  setTimeout(() => release(id), heldUntil - Date.now() + 50);
}

function release(id) {
  const track = find(id);
  if (track?.phase !== "held") return;
  if (!navigator.onLine) { hold(id, new Refusal("offline")); return; }
  change(id, { phase: "waiting" });
  pump();
}

export function follow(track) {
  keep(track);
  const { id, token } = track;
  change(id, { ...track, phase: "following", link: "socket", refusal: null });
  running.set(id, watch(token, {
    told: (status) => hear(id, status),
    gone: (refusal) => { running.delete(id); lose(id, refusal); },
    link: (link) => find(id)?.link !== link && change(id, { link }),
  }));
}

function hear(id, status) {
  const before = find(id);
  if (!before) return;
  const expires = status.expires_at * 1000;
  if (expires !== before.expires) keep({ ...before, expires });
  if (before.status?.stage !== status.stage) say(sentence(before.name, status));
  change(id, { status, expires, ...(isFinal(status) && { phase: "final" }) });
  if (isFinal(status)) running.delete(id);
}

function sentence(name, { stage, reason, verdict }) {
  if (stage === "done") return `${name}: done. ${VERDICTS[verdict?.verdict]?.[1] ?? ""}`;
  if (stage === "failed") return `${name}: ${trouble(reason ?? {}).title}.`;
  return `${name}: ${(STAGES[stage] ?? stage).toLowerCase()}.`;
}

function lose(id, refusal) {
  const track = find(id);
  drop(track.token);
  change(id, { phase: "gone", refusal });
  say(`${track.name}: ${trouble(refusal).title}.`);
}

// Once its time is over, a result is asked for no more.
export function expire(now) {
  for (const track of tracks.get()) if (track.phase === "final" && track.expires <= now) lose(track.id, new Refusal("expired"));
}

export function retry(id) {
  change(id, { phase: "waiting", refusal: null, status: null, token: null, sent: 0 });
  pump();
}

export function retryRefused() {
  keyWanted.set(false);
  for (const track of tracks.get()) if (track.refusal && wantsKey(track.refusal)) change(track.id, { phase: "waiting", refusal: null });
  pump();
}

// Ends what runs, deletes the result at the server, and takes the track off the list.
export async function remove(id) {
  const track = find(id);
  running.get(id)?.();
  running.delete(id);
  if (track.token && track.phase !== "gone") {
    try { await ask(`result/${track.token}`, "DELETE"); } catch (refusal) {
      if (refusal.status !== 404 && refusal.status !== 410) return notDeleted(track, refusal);
    }
    drop(track.token);
  }
  tracks.set(tracks.get().filter((other) => other.id !== id));
  say(`${track.name}: removed.`);
  return pump();
}

function notDeleted(track, refusal) {
  say(`${track.name} could not be deleted: ${trouble(refusal).title}.`);
  if (!isFinal(track.status)) follow(track);
}

// The list forgets; the server keeps the results until they expire.
export function forget() {
  const over = tracks.get().filter((track) => ["final", "gone", "refused", "following"].includes(track.phase));
  for (const track of over) { running.get(track.id)?.(); running.delete(track.id); }
  drop(...over.map((track) => track.token).filter(Boolean));
  tracks.set(tracks.get().filter((track) => !over.includes(track)));
  say("The list was forgotten.");
}

// What was kept is asked for one after the other; only what is not final yet gets a socket.
async function restore() {
  const fresh = recall().filter((entry) => !byToken(entry.token)).map((entry) => ({ ...entry, id: ++last, phase: "following", sent: 1, status: null }));
  tracks.set([...tracks.get(), ...fresh]);
  for (const { id, token } of fresh) {
    const status = await ask(`result/${token}`).catch((refusal) => refusal);
    if (!find(id)) continue;
    if (status.status === 404 || status.status === 410) lose(id, status);
    else if (isFinal(status)) hear(id, status);
    else follow(find(id));
  }
}

restore();
onOtherTab(restore);
window.addEventListener("online", () => {
  heldUntil = 0;
  for (const track of tracks.get()) if (track.phase === "held") release(track.id);
  for (const track of tracks.get()) if (["offline", "unreachable"].includes(track.refusal?.code)) retry(track.id);
});
window.addEventListener("beforeunload", (event) => tracks.get().some((track) => track.phase === "sending" || track.phase === "waiting") && event.preventDefault());
