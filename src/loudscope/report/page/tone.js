// Tone: six bands as range, value and word; the third-octave spectrum on a logarithmic axis.
import { html, useState } from "./preact.js";
import { data } from "./state.js";
import { areaPath, clamp, linePath, linear, logarithmic, ticksOf } from "./axes.js";
import { MARGIN, useWidth, YAxis } from "./timechart.js";
import { hertz, number, signed } from "./format.js";
import { AsTable, Limits, Pill, Section } from "./parts.js";

const HEIGHT = 300;
const STATES = { typical: "good", unusual: "warn", "far out": "bad", "not judged": "flat" };
const MOST_DB = 20; // half the width of a band's bar
const spectrum = data.spectrum;
export const wordState = (word) => STATES[word] || "flat";

function Bar({ band }) {
  const x = linear([-MOST_DB, MOST_DB], [0, 400]);
  const from = (value) => x(clamp(value - band.mean, -MOST_DB, MOST_DB));
  const there = band.mean !== null;
  const one = there && band.high !== null ? band.high - band.mean : null;
  const edge = (value, otherwise) => (value === null ? otherwise : from(value));
  return html`<svg viewBox="0 0 400 30" preserveAspectRatio="none" aria-hidden="true" class="chart">
    <rect class="track" x="0" y="8" width="400" height="14" rx="4" />
    ${one !== null && one > 0 && html`<rect class="outer" x=${edge(band.low === null ? null : band.mean - 2 * (band.mean - band.low), 0)} y="8" height="14"
        width=${from(band.mean + 2 * one) - edge(band.low === null ? null : band.mean - 2 * (band.mean - band.low), 0)} />
      <rect class="range" x=${edge(band.low, 0)} y="8" height="14" width=${from(band.high) - edge(band.low, 0)} />`}
    ${there && html`<line class="s-soft" x1="200" x2="200" y1="5" y2="25" />`}
    ${there && band.measured !== null && ["halo", "value"].map((kind) => html`<line class=${kind} x1=${from(band.measured)} x2=${from(band.measured)} y1="7" y2="23" />`)}
  </svg>`;
}

function Bands({ genre }) {
  return html`<ul class="bands">${genre.judgement.bands.map((band) => {
    const state = wordState(band.word);
    const off = band.measured === null || band.mean === null ? null : band.measured - band.mean;
    return html`<li key=${band.name} class=${state}>
      <span class="who">${band.name}<small>${hertz(band.low_hz).replace(/ .*/, "")}–${hertz(band.high_hz)}</small></span>
      <${Bar} band=${band} />
      <span class="num">${signed(off)}<span class="quiet small"> dB</span></span>
      <span><${Pill} state=${state}>${band.word}</${Pill}></span>
      ${band.reason && html`<span class="reason">${band.reason}</span>`}
    </li>`;
  })}</ul>`;
}

// Areas of [hz, high, low]: of the baseline's third octaves, or each band's spread evenly over it.
function rangesOf(genre) {
  if (!genre) return [];
  if (genre.thirds.length) return [genre.thirds.map((third) => [third.hz, third.high, third.low])];
  return genre.judgement.bands.flatMap((band) => {
    if (band.mean === null || band.high === null || band.high <= band.mean) return [];
    const inside = spectrum.frequencies_hz.filter((hz) => hz >= band.low_hz && hz < band.high_hz);
    const share = 10 * Math.log10(Math.max(inside.length, 1));
    const low = band.low === null ? band.mean - 2 * (band.high - band.mean) : band.low;
    return [[[band.low_hz, band.high - share, low - share], [band.high_hz, band.high - share, low - share]]];
  });
}

const above = (level) => (level === null ? null : level - spectrum.mid_db);
const RULED = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const RULED_NARROW = [20, 100, 1000, 10000, 20000];

// What is drawn, in dB above the mids, and where: of the track, the reference and the genre.
function plotOf(genre, width) {
  const levels = spectrum.levels_db.map(above);
  const reference = data.reference ? data.reference.comparison.thirds.map((third) => above(third.reference)) : [];
  const ranges = rangesOf(genre);
  const all = [...levels, ...reference, ...ranges.flat().flatMap((range) => range.slice(1))].filter((value) => value !== null);
  const high = Math.ceil((Math.max(...all, 0) + 2) / 6) * 6;
  const domain = [Math.floor(clamp(Math.min(...all), high - 60, high - 24) / 6) * 6, high];
  const x = logarithmic([18, 22400], [MARGIN.left, width - MARGIN.right]);
  const y = linear(domain, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const place = (value) => (value === null ? null : y(Math.max(value, domain[0])));
  return { levels, reference, ranges, domain, x, y, place };
}

// The third octave that is pointed at, by pointer or keys, and what the plot listens to for it.
function usePlace(x, width) {
  const [at, point] = useState(null);
  const last = spectrum.frequencies_hz.length - 1;
  const onPointerMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const hz = x.invert(((event.clientX - box.left) / box.width) * width);
    point(clamp(Math.round(10 * Math.log10(hz / spectrum.frequencies_hz[0])), 0, last));
  };
  const keys = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -99, End: 99 };
  const onKeyDown = (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    point(clamp((at ?? 0) + keys[event.key], 0, last));
  };
  return [at, { onPointerMove, onPointerLeave: () => point(null), onKeyDown }];
}

function HertzAxis({ x, width }) {
  const bottom = HEIGHT - MARGIN.bottom;
  return (width > 520 ? RULED : RULED_NARROW).map((hz) => html`<g key=${hz}>
    <line class="grid" x1=${x(hz)} x2=${x(hz)} y1=${MARGIN.top} y2=${bottom} />
    <text x=${x(hz)} y=${HEIGHT - 6} text-anchor=${hz === 20000 ? "end" : "middle"}>${hertz(hz).replace(" Hz", "").replace(" kHz", "k")}</text></g>`);
}

function Spectrum({ genre }) {
  const [ref, width] = useWidth();
  const { levels, reference, ranges, domain, x, y, place } = plotOf(genre, width);
  const [at, handlers] = usePlace(x, width);
  const centre = (index) => x(spectrum.frequencies_hz[index]);
  const line = (values) => linePath(values.map((value, index) => [centre(index), place(value)]));
  const words = (index) => `${hertz(spectrum.frequencies_hz[index])}: ${number(levels[index])} dB${reference[index] != null ? `, reference ${number(reference[index])} dB` : ""}`;
  return html`<div class="chart" ref=${ref}>
    <svg class="plot" viewBox="0 0 ${width} ${HEIGHT}" tabindex="0" role="slider" aria-label="Third-octave spectrum: frequency"
      aria-valuemin="0" aria-valuemax=${levels.length - 1} aria-valuenow=${at ?? 0} aria-valuetext=${words(at ?? 0)} ...${handlers}>
      <${YAxis} y=${y} ticks=${ticksOf(domain, 6)} right=${width - MARGIN.right} label=${(tick) => number(tick, 0)} />
      <${HertzAxis} x=${x} width=${width} />
      ${ranges.map((area) => html`<path class="range" d=${areaPath(area.map(([hz, top, low]) => [x(clamp(hz, 18, 22400)), place(top), place(low)]))} />`)}
      ${reference.length > 0 && html`<path class="line dash s-third" d=${line(reference)} />`}
      <path class="line s-strong" stroke-width="2.25" d=${line(levels)} />
      ${at !== null && levels[at] !== null && html`<g pointer-events="none"><line class="cross" x1=${centre(at)} x2=${centre(at)} y1=${MARGIN.top} y2=${HEIGHT - MARGIN.bottom} />
        <circle class="dot f-strong" r="4.5" cx=${centre(at)} cy=${place(levels[at])} /></g>`}
    </svg>
    ${at !== null && html`<span class="tip" style=${{ left: `${clamp((centre(at) / width) * 100, 14, 86)}%` }}>${words(at)}</span>`}
  </div>`;
}

function SpectrumCard({ genre }) {
  if (!spectrum) return html`<p>There is no spectrum: nothing passes the gates.</p>`;
  return html`<div class="head"><h3>Third-octave spectrum</h3><div class="legend">
      <span><i class="c-strong"></i>this track</span>
      ${genre && html`<span><i class="area"></i>${genre.title}${genre.thirds.length ? "" : ", by band"}</span>`}
      ${data.reference && html`<span><i class="c-third dashed"></i>reference</span>`}</div></div>
    <${Spectrum} genre=${genre} />
    <p class="small quiet">dB above the level of 500 to 2000 Hz${genre && !genre.thirds.length ? "; the range of a band is spread evenly over its third octaves" : ""}.</p>
    <${AsTable} caption="Third-octave spectrum" head=${["centre", "dBFS", "dB above 500–2000 Hz"]}
      rows=${spectrum.frequencies_hz.map((hz, index) => [hertz(hz), number(spectrum.levels_db[index]), number(above(spectrum.levels_db[index]))])} />`;
}

function Levels({ genre }) {
  const ranges = genre ? genre.judgement.bands : [];
  const rows = data.bands.map((band, at) => [`${band.name}, ${hertz(band.low_hz)} to ${hertz(band.high_hz)}`, number(band.level), number(band.share === null ? null : 100 * band.share),
    ...(genre ? [signed(ranges[at]?.measured), ranges[at]?.mean == null ? "–" : `${ranges[at].low === null ? "…" : signed(ranges[at].low)} to ${signed(ranges[at].high)}`, ranges[at]?.word] : [])]);
  return html`<${AsTable} caption="Bands" head=${["band", "dBFS", "share, %", ...(genre ? ["above mids, dB", "typical", "word"] : [])]} rows=${rows} />`;
}

export function Tone({ genre }) {
  return html`<${Section} id="tone" title="Tone" about="What is unusual for a genre is not wrong">
    <div class="card">
      ${genre
        ? html`<div class="head"><h3>Six bands against ${genre.title}</h3><div class="legend"><span><i class="area"></i>typical</span><span>dB from the mean of ${genre.judgement.n} tracks, mids aligned</span></div></div>
          <${Bands} genre=${genre} />`
        : html`<p class="quiet">Choose a genre to see the six bands against its range.</p>`}
      <${Levels} genre=${genre} />
      ${genre && html`<${Limits} title="Where this range comes from, and its limits" lines=${[`${genre.judgement.source}; ${genre.judgement.n} tracks; confidence: ${genre.judgement.confidence}`, genre.judgement.method, ...genre.judgement.limits]} />`}
    </div>
    <div class="card"><${SpectrumCard} genre=${genre} /></div>
  </${Section}>`;
}
