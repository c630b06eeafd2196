// Bars that move: each is a meter to a screen reader and an SVG to the eye.
import { html } from "./report/preact.js";
import { clamp } from "./report/axes.js";
import { number, signed } from "./report/format.js";

const WIDTH = 400;
const FLOOR = -100; // dB; what lies below is silence
export const audible = (value) => (value == null || value < FLOOR ? null : value);

// low, high: ends of the scale; hold: a mark, the largest so far; limit: the most that is allowed.
export function Level({ label, value: given, low, high, unit, decimals = 1, hold = null, limit = null, about = "" }) {
  const value = audible(given);
  const x = (level) => ((clamp(level, low, high) - low) / (high - low)) * WIDTH;
  const over = limit !== null && Math.max(value ?? low, hold ?? low) > limit;
  const words = value === null ? "no level" : `${number(value, decimals)} ${unit}`;
  return html`<div class="level ${over ? "bad" : ""}">
    <span class="who" aria-hidden="true">${label}${about && html`<small>${about}</small>`}</span>
    <div role="meter" aria-label=${label} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${clamp(value ?? low, low, high)} aria-valuetext=${words}>
      <svg viewBox="0 0 ${WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width=${WIDTH} height="16" rx="3" />
        ${value !== null && html`<rect class="fill" width=${x(value)} height="16" rx="3" />`}
        ${limit !== null && html`<line class="limit" x1=${x(limit)} x2=${x(limit)} y1="0" y2="16" />`}
        ${hold !== null && html`<line class="hold" x1=${x(hold)} x2=${x(hold)} y1="0" y2="16" />`}
      </svg></div>
    <span class="num" aria-hidden="true">${number(value, decimals)} <small>${unit}</small></span>
  </div>`;
}

export function Scale({ low, high, step }) {
  const ticks = [];
  for (let tick = low; tick <= high; tick += step) ticks.push(tick);
  return html`<div class="level ticks" aria-hidden="true"><span></span><div>${ticks.map((tick) =>
    html`<span key=${tick} style=${{ left: `${(100 * (tick - low)) / (high - low)}%` }}>${number(tick, 0)}</span>`)}</div><span></span></div>`;
}

export function Correlation({ value }) {
  const x = (level) => ((level + 1) / 2) * WIDTH;
  const words = value === null ? "none: there is no sound in both channels" : signed(value, 2);
  return html`<div class="level ${value !== null && value < 0 ? "bad" : ""}">
    <span class="who" aria-hidden="true">Correlation</span>
    <div role="meter" aria-label="Correlation of left and right" aria-valuemin="-1" aria-valuemax="1" aria-valuenow=${clamp(value ?? 0, -1, 1)} aria-valuetext=${words}>
      <svg viewBox="0 0 ${WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width=${WIDTH} height="16" rx="3" />
        ${value !== null && html`<rect class="fill" x=${Math.min(x(0), x(value))} width=${Math.abs(x(value) - x(0))} height="16" />`}
        <line class="limit zero" x1=${x(0)} x2=${x(0)} y1="0" y2="16" />
      </svg></div>
    <span class="num" aria-hidden="true">${signed(value, 2)}</span>
  </div>`;
}

export const decibels = (size) => (size > 0 ? 20 * Math.log10(size) : null);
