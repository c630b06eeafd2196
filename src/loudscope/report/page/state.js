// What the charts over time share: the span that is shown, and one crosshair.
import { useEffect, useState } from "./preact.js";

export const data = JSON.parse(document.getElementById("loudscope-data").textContent);
const NARROWEST = 1; // seconds

const whole = [0, Math.max(data.track.duration, 0.1)];
const shared = { view: whole, cursor: null };
const listeners = new Set();

export function change(part) {
  Object.assign(shared, part);
  for (const listener of listeners) listener();
}

export const peek = (name) => shared[name];

// Draws the caller anew when this part of the shared state changes, and only then.
export function useShared(name) {
  const [value, set] = useState(shared[name]);
  useEffect(() => {
    const listener = () => set(shared[name]);
    listeners.add(listener);
    listener();
    return () => listeners.delete(listener);
  }, [name]);
  return value;
}

export const isWhole = (view) => view[0] === whole[0] && view[1] === whole[1];

export function show(from, to) {
  const width = Math.min(Math.max(to - from, NARROWEST), whole[1]);
  const start = Math.min(Math.max((from + to - width) / 2, 0), whole[1] - width);
  change({ view: width >= whole[1] ? whole : [start, start + width] });
}

export function showAll() {
  change({ view: whole });
}

export function zoom(factor) {
  const [from, to] = shared.view;
  const middle = shared.cursor ?? (from + to) / 2;
  show(middle - (middle - from) * factor, middle + (to - middle) * factor);
}

// Puts the crosshair on a place and moves the view there if it lies outside or is hard to see.
export function visit(start, stop = start) {
  const middle = (start + stop) / 2;
  const span = Math.max(8, (stop - start) * 4);
  change({ cursor: middle });
  show(middle - span / 2, middle + span / 2);
}

export const lastBucket = data.time.count - 1;

export function bucketAt(seconds) {
  return Math.min(Math.max(Math.floor(seconds / data.time.step), 0), lastBucket);
}
