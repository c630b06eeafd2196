// Figures as text, in one way everywhere. A figure that does not exist is a dash.

export const DASH = "–";

export function number(value, decimals = 1) {
  if (value === null || value === undefined) return DASH;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? "−" + text : text;
}

export function signed(value, decimals = 1) {
  const text = number(value, decimals);
  return value > 0 && Number(text) !== 0 ? "+" + text : text;
}

export function withUnit(value, unit, decimals = 1) {
  return value === null || value === undefined ? DASH : `${number(value, decimals)} ${unit}`.trim();
}

export function clock(seconds, decimals = 1) {
  const scale = 10 ** decimals;
  const all = Math.round(seconds * scale);
  const minutes = Math.floor(all / (60 * scale));
  const rest = ((all - minutes * 60 * scale) / scale).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

export function hertz(value) {
  if (value < 1000) return `${Number(value.toPrecision(3))} Hz`;
  return `${Number((value / 1000).toPrecision(3))} kHz`;
}

export function bounds(low, high, unit, decimals = 1) {
  if (low !== null && high !== null) return `${number(low, decimals)} to ${number(high, decimals)} ${unit}`.trim();
  if (high !== null) return `at most ${number(high, decimals)} ${unit}`.trim();
  if (low !== null) return `at least ${number(low, decimals)} ${unit}`.trim();
  return "";
}

export function plural(count, noun, many = `${noun}s`) {
  return `${count} ${count === 1 ? noun : many}`;
}

// A true minus before digits, as the figures on this page have it.
export const typeset = (text) => text.replace(/(^|[\s(])-(?=\d)/g, "$1−");
