// Scales, ticks and paths: numbers in, numbers and strings out.

export function linear([from, to], [start, end]) {
  const factor = (end - start) / (to - from || 1);
  const scale = (value) => start + (value - from) * factor;
  scale.invert = (place) => from + (place - start) / factor;
  return scale;
}

export function logarithmic([from, to], range) {
  const inner = linear([Math.log10(from), Math.log10(to)], range);
  const scale = (value) => inner(Math.log10(value));
  scale.invert = (place) => 10 ** inner.invert(place);
  return scale;
}

const NICE_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];

export function timeTicks([from, to], most) {
  const step = NICE_SECONDS.find((seconds) => (to - from) / seconds <= most) || 86400;
  const ticks = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + 1e-9; at++) ticks.push(at * step);
  return { ticks, decimals: step < 1 ? 1 : 0 };
}

export function ticksOf([from, to], step) {
  const ticks = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + 1e-9; at++) ticks.push(at * step);
  return ticks;
}

const round = (place) => Math.round(place * 10) / 10;

// A line through the points that exist; it is broken where one does not.
export function linePath(points) {
  let path = "";
  let down = false;
  for (const [x, y] of points) {
    if (y === null) down = false;
    else {
      path += `${down ? "L" : "M"}${round(x)} ${round(y)}`;
      down = true;
    }
  }
  return path;
}

// The area between an upper and a lower line: points are [x, upper, lower].
export function areaPath(points) {
  const there = points.filter(([, upper, lower]) => upper !== null && lower !== null);
  if (!there.length) return "";
  const up = there.map(([x, y]) => `${round(x)} ${round(y)}`).join("L");
  const down = there.reverse().map(([x, , y]) => `${round(x)} ${round(y)}`).join("L");
  return `M${up}L${down}Z`;
}

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
