// Peaks: the waveform with its overs, the true peak of each channel, and what limiting left.
import { html } from "./preact.js";
import { bucketAt, data, useShared, visit } from "./state.js";
import { areaPath, linePath } from "./axes.js";
import { bucketsIn, MARGIN, middleOf, TimeChart } from "./timechart.js";
import { clock, number, plural, withUnit } from "./format.js";
import { AsTable, figure, Figures, Section, Table } from "./parts.js";

const FEW = 12;
const colours = ["left", "right", "third", "strong", "faint", "soft"];
const colourOf = (channel) => colours[channel % colours.length];
const { peaks, dynamics } = data.figures;
const floorDb = -24;

function Waveform() {
  const { envelope, rms } = data.time;
  const axis = { domain: [-1.05, 1.05], ticks: [-1, 0, 1], label: (tick) => (tick ? "0" : "−∞") };
  const read = (seconds) => `peak ${number(envelope[bucketAt(seconds)] / 10, 0)} % of full scale`;
  const dots = () => [];
  return html`<${TimeChart} label="Waveform" height=${150} y=${axis} read=${read} dots=${dots}>
    ${({ x, y, view, width }) => {
      const buckets = bucketsIn(view);
      const mirrored = (values) => areaPath(buckets.map((at) => [x(middleOf(at)), y(values[at] / 1000), y(-values[at] / 1000)]));
      return html`<path class="wave" d=${mirrored(envelope)} /><path class="rms" d=${mirrored(rms)} />
        ${[1, -1].map((level) => html`<line class="line thin dash s-soft" x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${y(level)} y2=${y(level)} />`)}
        ${data.overs.regions.filter((over) => over.stop >= view[0] && over.start <= view[1]).map((over) => html`<g class="f-bad">
          <rect x=${x(over.start) - 0.75} width=${Math.max(x(over.stop) - x(over.start), 1.5)} y=${MARGIN.top} height=${150 - MARGIN.top - MARGIN.bottom} opacity=".3" />
          <path d="M${x((over.start + over.stop) / 2) - 4} ${MARGIN.top}h8l-4 7z" /></g>`)}
        ${data.clips.filter((at) => at >= view[0] && at <= view[1]).map((at) => html`<path class="f-right" d="M${x(at) - 4} ${150 - MARGIN.bottom}h8l-4 -7z" />`)}`;
    }}
  </${TimeChart}>`;
}

function TruePeaks({ ceiling }) {
  const lines = data.time.true_peak;
  const top = Math.max(3, Math.ceil(((peaks.true_peak ?? 0) + 1) / 3) * 3);
  const ticks = [];
  for (let tick = floorDb; tick <= top; tick += 6) ticks.push(tick);
  const axis = { domain: [floorDb, top], ticks, label: (tick) => number(tick, 0) };
  const read = (seconds) => lines.map((line, at) => `${data.track.channels[at]} ${withUnit(line[bucketAt(seconds)] === null ? null : line[bucketAt(seconds)] / 10, "dBTP")}`).join(", ");
  const dots = (seconds, y) => lines.map((line, at) => {
    const value = line[bucketAt(seconds)];
    return [value === null || value / 10 < floorDb ? null : y(value / 10), colourOf(at)];
  });
  return html`<${TimeChart} label="True peak of each channel" height=${190} y=${axis} read=${read} dots=${dots}>
    ${({ x, y, view, width }) => {
      const buckets = bucketsIn(view);
      return html`${lines.map((line, at) => html`<path class="line s-${colourOf(at)}" stroke-width="1.25" opacity=".9"
          d=${linePath(buckets.map((bucket) => [x(middleOf(bucket)), line[bucket] === null ? null : y(Math.max(line[bucket] / 10, -60))]))} />`)}
        <rect class="f-bad" opacity=".1" x=${MARGIN.left} width=${width} y=${y(top)} height=${Math.max(y(ceiling) - y(top), 0)} />
        <line class="line thin s-bad" x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${y(ceiling)} y2=${y(ceiling)} />`;
    }}
  </${TimeChart}>`;
}

function Legend({ ceiling }) {
  const cursor = useShared("cursor");
  const value = (at) => (cursor === null ? peaks.true_peak_per_channel[at] : data.time.true_peak[at][bucketAt(cursor)] / 10);
  return html`<div class="legend">
    ${data.track.channels.map((label, at) => html`<span><i class="c-${colourOf(at)}"></i>${label} <b>${number(value(at))}</b></span>`)}
    <span><i class="c-bad"></i>ceiling ${number(ceiling)} dBTP</span>
    ${cursor === null ? html`<span>largest of the track</span>` : html`<span>at <b>${clock(cursor)}</b></span>`}
  </div>`;
}

function Overs() {
  const { count, level_dbtp: level, regions } = data.overs;
  if (!count) return html`<p class="small">No true peak above ${number(level, 0)} dBTP.</p>`;
  const worst = [...regions].sort((a, b) => b.peak_dbtp - a.peak_dbtp);
  const rows = worst.slice(0, FEW).map((over) => [
    html`<button class="go" onClick=${() => visit(over.start, over.stop)} aria-label="Show ${clock(over.start, 2)} on the waveform">${clock(over.start, 2)}</button><span class="print-only">${clock(over.start, 2)}</span>`,
    number(over.peak_dbtp, 2), over.channel, `${Math.round((over.stop - over.start) * 1000)} ms`]);
  const rest = count - rows.length;
  return html`<${Table} caption="${plural(count, "stretch", "stretches")} above ${number(level, 0)} dBTP, the highest first${rest > 0 ? `, ${rest} not listed` : ""}"
    head=${["at", "dBTP", "channel", "length"]} rows=${rows} />`;
}

function Clipping() {
  const { count, longest, per_minute: rate } = data.inspection.faults.clipping;
  if (!count) return html`<p class="small">No clipping: no flat runs at the track's own ceiling.</p>`;
  return html`<p class="small">${plural(count, "clipped run")}, the longest ${plural(longest, "sample")}; ${number(rate)} a minute.</p>`;
}

function PeakTable() {
  const rows = data.track.channels.map((label, at) => [
    label, number(peaks.true_peak_per_channel[at], 2),
    peaks.true_peak_at_per_channel[at] === null ? "–" : clock(peaks.true_peak_at_per_channel[at]),
    number(peaks.sample_peak_per_channel[at], 2), number(data.figures.levels.rms_per_channel[at]),
    number(data.figures.levels.crest_factor_per_channel[at])]);
  return html`<${Table} caption="Levels of each channel" head=${["channel", "true peak, dBTP", "at", "sample peak, dBFS", "RMS, dBFS", "crest, dB"]} rows=${rows} />`;
}

// The lowest limit of the rules that hold for this track.
function ceilingOf(target) {
  const rules = (target?.check.rules ?? []).filter((rule) => rule.figure === "true_peak" && rule.required.high !== null);
  const judged = rules.filter((rule) => rule.verdict !== "not judged");
  return Math.min(0, ...(judged.length ? judged : rules.slice(0, 1)).map((rule) => rule.required.high));
}

export function Peaks({ target }) {
  const ceiling = ceilingOf(target);
  const more = data.inspection.dynamics;
  return html`<${Section} id="peaks" title="Peaks" about="Waveform, true peak and what limiting left">
    <div class="card">
      <div class="head"><h3>Waveform</h3><div class="legend"><span><i class="c-faint"></i>peak</span><span><i class="c-strong"></i>RMS</span>
        ${data.overs.count > 0 && html`<span><i class="mark c-bad"></i>${plural(data.overs.count, "stretch", "stretches")} above ${number(data.overs.level_dbtp, 0)} dBTP</span>`}
        ${data.clips.length > 0 && html`<span><i class="mark c-right"></i>clipped samples</span>`}</div></div>
      <${Waveform} />
      <div class="head"><h3>True peak</h3><${Legend} ceiling=${ceiling} /></div>
      <${TruePeaks} ceiling=${ceiling} />
      <${AsTable} caption="True peak over time" head=${["from", ...data.track.channels]} rows=${peakSpans()} />
    </div>
    <div class="split"><div class="card"><${Overs} /><${Clipping} /></div><div class="card"><${PeakTable} /></div></div>
    <div class="card"><h3>Dynamics</h3><${Figures} rows=${[
      ["PLR", figure(dynamics.plr), "dB", "true peak over integrated"],
      ["PSR, 5th percentile", figure(more.psr_p5), "dB", `least ${number(more.psr_min)}, median ${number(more.psr_median)}`],
      ["DR14", more.dr14, "", more.dr14_exact !== null && `exactly ${number(more.dr14_exact, 2)}`],
      ["Crest factor", figure(dynamics.crest_factor), "dB", "sample peak over RMS"],
      ["Attacks", figure(data.inspection.transients?.onsets_per_second), "per second", data.inspection.transients && `attack ${number(data.inspection.transients.attack_ms, 0)} ms`],
      ["Noise floor", figure(data.inspection.faults.noise_floor_dbfs), "dBFS"],
    ]} /></div>
  </${Section}>`;
}

function peakSpans() {
  const every = Math.max(1, Math.ceil(data.time.count / 40));
  const rows = [];
  for (let at = 0; at < data.time.count; at += every) {
    const top = (line) => line.slice(at, at + every).reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
    rows.push([clock(at * data.time.step), ...data.time.true_peak.map((line) => { const most = top(line); return number(most === null ? null : most / 10); })]);
  }
  return rows;
}
