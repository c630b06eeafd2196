// Values that several parts of the page show: each tells its listeners when it changes.
import { useEffect, useState } from "./report/preact.js";

export function shared(value) {
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// Draws the caller anew when the value changes, and only then.
export function useShared(source) {
  const [value, set] = useState(source.get());
  useEffect(() => {
    set(source.get());
    return source.listen((next) => set(() => next));
  }, [source]);
  return value;
}

// Draws the caller anew every second while `active`, for what counts down.
export function useClock(active) {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    if (!active) return undefined;
    set(Date.now());
    const timer = setInterval(() => set(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

// What a screen reader is told: each sentence replaces the one before it.
export const said = shared("");
export const say = (text) => said.set(text);

// The part of the page that is shown, from the address: "#/live", "#/report/TOKEN", else tracks.
const read = () => {
  const [, view = "", token = ""] = location.hash.split("/");
  if (view === "report" && /^[\w-]{16,128}$/.test(token)) return { view, token };
  return { view: view === "live" ? "live" : "tracks", token: "" };
};
export const place = shared(read());
window.addEventListener("hashchange", () => place.set(read()));
