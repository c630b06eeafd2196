// Stereo: correlation over time and per band, width, balance, and what mono playback loses.
import { html } from "./preact.js";
import { bucketAt, data } from "./state.js";
import { areaPath, linePath } from "./axes.js";
import { bucketsIn, MARGIN, middleOf, TimeChart } from "./timechart.js";
import { number } from "./format.js";
import { figure, Figures, Section, Table } from "./parts.js";

const values = data.time.correlation;
const HEARD_MS = 0.05;

function Correlation() {
  const axis = { domain: [-1.05, 1.05], ticks: [-1, 0, 1], label: (tick) => number(tick, 0) };
  const read = (seconds) => `correlation ${number(values[bucketAt(seconds)] === null ? null : values[bucketAt(seconds)] / 100, 2)}`;
  const dots = (seconds, y) => [[values[bucketAt(seconds)] === null ? null : y(values[bucketAt(seconds)] / 100), "strong"]];
  return html`<${TimeChart} label="Correlation over time" height=${150} y=${axis} read=${read} dots=${dots}>
    ${({ x, y, view, width }) => {
      const points = bucketsIn(view).map((at) => [x(middleOf(at)), values[at] === null ? null : y(values[at] / 100)]);
      return html`<rect class="f-bad" opacity=".08" x=${MARGIN.left} width=${width} y=${y(0)} height=${y(-1.05) - y(0)} />
        <path class="f-faint wash" d=${areaPath(points.map(([place, level]) => [place, level, y(0)]))} />
        <path class="line s-strong" d=${linePath(points)} />`;
    }}
  </${TimeChart}>`;
}

export function Stereo() {
  const stereo = data.inspection.stereo;
  if (!stereo) {
    return html`<${Section} id="stereo" title="Stereo"><div class="card"><p>There is no pair of front channels to compare.</p></div></${Section}>`;
  }
  const remarks = [
    stereo.dual_mono && "Both channels carry the same signal (dual mono).",
    stereo.inverted && "One channel is inverted against the other.",
    ...stereo.silent_channels.map((label) => `Channel ${label} is silent.`),
    Math.abs(stereo.delay_ms ?? 0) >= HEARD_MS && `One channel is ${number(Math.abs(stereo.delay_ms), 2)} ms behind: the ${stereo.delay_ms > 0 ? "right" : "left"} one.`,
  ].filter(Boolean);
  const rows = stereo.bands.map((band) => [band.name, number(band.correlation, 2), number(band.side_share === null ? null : 100 * band.side_share, 0), number(band.width, 2), number(band.mono_loss)]);
  return html`<${Section} id="stereo" title="Stereo" about="Front left and right">
    <div class="card"><div class="head"><h3>Correlation</h3><span class="small quiet">windows of 400 ms; below 0 mono playback cancels</span></div><${Correlation} /></div>
    <div class="split">
      <div class="card"><${Figures} rows=${[
        ["Width", figure(stereo.width_score, 0), "of 100", "0 mono, 100 side as strong as mid"],
        ["Correlation", figure(stereo.correlation, 2), "", `5th percentile ${number(stereo.correlation_p5, 2)}`],
        ["Below zero", figure(stereo.negative_share === null ? null : 100 * stereo.negative_share), "% of the time"],
        ["Mono loss", figure(stereo.mono_loss), "LU", "0 equal, 3 unrelated channels"],
        ["Balance", figure(stereo.balance), "dB", "positive: left is louder"],
        ["Bass correlation", figure(stereo.bass_correlation, 2), "", "20 to 120 Hz"],
      ]} />${remarks.length > 0 && html`<ul class="limits">${remarks.map((line) => html`<li>${line}</li>`)}</ul>`}</div>
      <div class="card"><${Table} caption="Stereo of each band" head=${["band", "correlation", "side, %", "width", "mono loss, dB"]} rows=${rows} /></div>
    </div>
  </${Section}>`;
}
