// What went wrong and what one can do, for people. The server's own words are shown beside these.
import { plural } from "./report/format.js";

const TROUBLES = {
  // the upload
  too_large: ["The file is too large", "A FLAC or MP3 of the same track is smaller."],
  empty: ["There is no audio in the file", "Choose another file."],
  unreadable: ["The file could not be read", "It may have been moved, or it is a folder. Choose it again."],
  bad_request: ["The server did not understand the upload", "Reload the page; it may be older than the server."],
  unauthorized: ["The server wants an API key", "Type it above; it is kept until this tab is closed."],
  forbidden: ["The server does not let this page in", "Ask whoever runs it."],
  rate_limited: ["Too many uploads in a short time", "It goes on by itself."],
  backlog: ["The server has enough to do", "It goes on by itself when there is room."],
  unavailable: ["The server cannot take work at the moment", "It goes on by itself."],
  internal: ["The server made a mistake", "Try again; if it stays so, tell whoever runs it."],
  origin: ["This page may not use that server", "Open the server's own page."],
  too_slow_upload: ["The upload took too long", "Try again over a faster connection."],
  unknown_genre: ["The server does not know this genre", "Choose another one and add the track again."],
  unknown_target: ["The server does not know this target", "Choose another one and add the track again."],
  broken_off: ["The upload was broken off", "The server is there, but closed the connection. The file may be too large for it."],
  offline: ["You are offline", "It goes on by itself when the network is back."],
  unreachable: ["The server does not answer", "Try again in a moment."],
  stopped: ["Stopped", "Nothing was kept."],
  // the work
  undecodable: ["This is not audio that can be decoded", "WAV, FLAC, AIFF, Ogg, Opus and MP3 can. Export it anew."],
  truncated: ["The file ends too early", "It was cut while it was copied or downloaded. Get it again."],
  too_long: ["The track is too long", "Cut it into parts."],
  too_many_channels: ["The track has too many channels", "Send stems or a mix with fewer."],
  not_finite: ["The audio holds values that are no numbers", "Export it anew."],
  unknown_layout: ["What its channels are is not known", "Export it as mono, stereo, 5.1 or 7.1."],
  rate_unsupported: ["The sampling rate is not supported", "Export it at 44.1, 48 or 96 kHz."],
  too_slow: ["Measuring took too long", "Cut the track into parts."],
  out_of_memory: ["Measuring needed too much memory", "Cut the track into parts."],
  bad_reference: ["The track cannot be compared with this reference", "Choose another reference, or none."],
  crashed: ["Measuring failed more than once", "The file may be damaged. Export it anew."],
  not_started: ["The server could not begin to measure", "It is not the file's fault. Try again later."],
  gave_up: ["Measuring did not come to an end", "Try again."],
  cancelled: ["Cancelled", "Nothing is kept."],
  not_found: ["There is no such result", "It was deleted, or the address is incomplete."],
  expired: ["The result has expired", "Results are kept for a short time only. Upload the track again."],
};
const BY_STATUS = {
  400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 408: "too_slow_upload", 410: "expired",
  413: "too_large", 415: "bad_request", 422: "bad_request", 429: "rate_limited", 500: "internal", 502: "unavailable",
  503: "unavailable", 504: "unavailable", 507: "unavailable",
};
const ALIKE = { empty_audio: "empty" };

function nameOf(code, status) {
  if (status === 408) return "too_slow_upload"; // measuring that is too slow has no status
  return [ALIKE[code] || code, BY_STATUS[status]].find((name) => name in TROUBLES);
}

// {code, title, help, said}: the last is the server's sentence, unless it repeats the title.
export function trouble({ code = "", detail = "", message = "", status = 0 }) {
  const own = code.replace(/^reference: */, "");
  const known = nameOf(own, status);
  const [title, help] = TROUBLES[known] || ["Something went wrong", "Try again; if it stays so, tell whoever runs this server."];
  const whole = own === code ? title : `The reference: ${title[0].toLowerCase()}${title.slice(1)}`;
  return { code: known ?? code, title: whole, help, said: detail || message };
}

export const wantsKey = (refusal) => trouble(refusal).code === "unauthorized";
export const passesByItself = (refusal) => ["rate_limited", "backlog", "unavailable"].includes(trouble(refusal).code);

export const STAGES = { queued: "Queued", decoding: "Decoding", measuring: "Measuring", judging: "Judging", done: "Done" };
export const VERDICTS = {
  ready: ["good", "Ready"], minor_fixes: ["warn", "Minor fixes"], needs_work: ["bad", "Needs work"], not_judged: ["flat", "Not judged"],
};

export function size(bytes) {
  const megabytes = bytes / 2 ** 20;
  if (megabytes < 1) return `${Math.max(1, Math.round(bytes / 2 ** 10))} kB`;
  return `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`;
}

export function span(seconds) {
  if (seconds < 90) return plural(Math.max(0, Math.ceil(seconds)), "second");
  if (seconds < 5400) return plural(Math.round(seconds / 60), "minute");
  return plural(Math.round(seconds / 3600), "hour");
}
