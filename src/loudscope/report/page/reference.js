// Reference: the track beside others at equal loudness.
import { html } from "./preact.js";
import { data } from "./state.js";
import { clamp } from "./axes.js";
import { clock, number, signed } from "./format.js";
import { Limits, Section, Table } from "./parts.js";
import { titleOf } from "./verdict.js";

const MOST = 12;

function Differences({ rows }) {
  return html`<ul class="bands differences">${rows.map((row) => {
    const off = clamp(row.difference ?? 0, -MOST, MOST);
    const place = 200 + (off / MOST) * 200;
    return html`<li key=${row.name}><span class="who">${row.name}</span>
      <svg viewBox="0 0 400 30" preserveAspectRatio="none" class="chart" aria-hidden="true"><rect class="track" x="0" y="8" width="400" height="14" rx="4" />
        <rect class="f-third" x=${Math.min(place, 200)} y="8" width=${Math.abs(place - 200)} height="14" opacity=".75" /><line class="s-soft" x1="200" x2="200" y1="4" y2="26" /></svg>
      <span class="num">${signed(row.difference)}<span class="quiet small"> dB</span></span><span class="small quiet">${row.word === "not judged" ? "" : row.word}</span></li>`;
  })}</ul>`;
}

export function Reference() {
  if (!data.reference) return null;
  const { comparison } = data.reference;
  const figures = comparison.figures.map((row) => [titleOf(row.name), number(row.mix, 2), number(row.reference, 2), `${signed(row.difference, 2)} ${row.unit}`]);
  const sections = comparison.sections.map((part) => [`${clock(part.start, 0)} to ${clock(part.stop, 0)}`, signed(part.loudness.difference), ...part.bands.map((band) => signed(band.difference))]);
  const names = comparison.references.map((one) => `${one.name ?? "reference"} (${number(one.integrated)} LUFS, brought to this track's by ${signed(one.gain)} dB)`);
  return html`<${Section} id="reference" title="Reference" about="At equal loudness">
    <div class="card"><p class="small">${names.join("; ")}. ${comparison.confidence}.</p></div>
    <div class="split">
      <div class="card"><div class="head"><h3>Bands: this track minus the reference</h3></div><${Differences} rows=${comparison.bands} /></div>
      <div class="card"><${Table} caption="Figures" head=${["figure", "this track", "reference", "difference"]} rows=${figures} /></div>
    </div>
    <div class="card"><${Table} caption="Sections, this track minus the reference, dB. ${comparison.cut}" head=${["section", "loudness", ...comparison.bands.map((band) => band.name)]} rows=${sections} />
      <${Limits} title="Limits of this comparison" lines=${comparison.limits} /></div>
  </${Section}>`;
}
