// The tokens of this browser, so that a reload loses none; what has expired is dropped.

const STORED = "loudscope-tracks";
const MOST = 200;
const KEPT = ["token", "name", "size", "genre", "target", "reference", "expires"];

const valid = (entry, now) => typeof entry?.token === "string" && typeof entry.name === "string" && entry.expires > now;

// Newest first; `expires` in ms.
export function recall(now = Date.now()) {
  try {
    const found = JSON.parse(localStorage.getItem(STORED) || "[]");
    return Array.isArray(found) ? found.filter((entry) => valid(entry, now)) : [];
  } catch { return []; }
}

// Each change begins with what is stored, for another tab may have added to it.
function write(entries) {
  try { localStorage.setItem(STORED, JSON.stringify(entries.slice(0, MOST))); } catch { /* it lasts as long as the page, then */ }
}

export function keep(track) {
  const entry = Object.fromEntries(KEPT.map((name) => [name, track[name] ?? null]));
  write([entry, ...recall().filter((other) => other.token !== track.token)]);
}

export const drop = (...tokens) => write(recall().filter((entry) => !tokens.includes(entry.token)));

export const onOtherTab = (listener) => window.addEventListener("storage", (event) => event.key === STORED && listener());
