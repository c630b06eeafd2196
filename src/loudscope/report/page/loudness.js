// Loudness: history and distribution on one scale, with what the target asks for behind them.
import { html } from "./preact.js";
import { bucketAt, data, useShared } from "./state.js";
import { areaPath, clamp, linePath, linear, ticksOf } from "./axes.js";
import { bucketsIn, MARGIN, middleOf, TimeChart, YAxis, ZoomButtons } from "./timechart.js";
import { clock, bounds, number, withUnit } from "./format.js";
import { AsTable, figure, Figures, Section } from "./parts.js";

const HEIGHT = 290;
const tenth = (value) => (value === null || value === undefined ? null : value / 10);
const { momentary, short_term: shortTerm } = data.time;
const loud = data.figures.loudness;

// What the target asks for: a rule, or the loudness that a platform plays at.
function wantedOf(target) {
  const rule = target?.check.rules.find((one) => one.figure === "integrated" && (one.required.low !== null || one.required.high !== null));
  if (rule) return { ...rule.required, words: bounds(rule.required.low, rule.required.high, rule.unit) };
  const level = target?.check.target.reference_lufs ?? null;
  return level === null ? null : { low: level, high: level, words: `plays at ${number(level)} LUFS` };
}

function domainOf(rule) {
  const tops = [loud.momentary_max, rule?.high, rule?.low].filter((value) => value != null);
  const lows = [loud.integrated - 24, loud.loudness_range_low - 6, rule?.low].filter((value) => value != null);
  const high = Math.ceil((Math.max(...tops, tops.length ? -60 : -9) + 1.5) / 3) * 3;
  const low = Math.floor(clamp(Math.min(...lows), high - 60, high - 24) / 3) * 3;
  return [low, high];
}

function Wanted({ rule, x, y, from, to }) {
  if (!rule) return null;
  const { low, high } = rule;
  const [bottom, top] = [low ?? -200, high ?? 100].map((value) => y(value));
  return html`<rect class="range" x=${from} width=${to - from} y=${Math.min(top, bottom) - (low === high ? 1 : 0)}
    height=${Math.max(Math.abs(bottom - top), 2)} />`;
}

function History({ target }) {
  const rule = wantedOf(target);
  const domain = domainOf(rule);
  const axis = { domain, ticks: ticksOf(domain, domain[1] - domain[0] > 40 ? 12 : 6), label: (tick) => number(tick, 0) };
  const read = (seconds) => {
    const bucket = bucketAt(seconds);
    return `momentary ${withUnit(tenth(momentary[bucket]), "LUFS")}, short-term ${withUnit(tenth(shortTerm[bucket]), "LUFS")}`;
  };
  const dots = (seconds, y) => {
    const bucket = bucketAt(seconds);
    return [[momentary[bucket], "faint"], [shortTerm[bucket], "strong"]].map(([value, colour]) =>
      [value == null || value / 10 < domain[0] ? null : y(value / 10), colour]);
  };
  return html`<div class="beside">
    <${TimeChart} label="Loudness over time" height=${HEIGHT} y=${axis} read=${read} dots=${dots}>
      ${({ x, y, view, width }) => {
        const buckets = bucketsIn(view);
        const points = (values) => buckets.map((at) => [x(middleOf(at)), values[at] === null ? null : y(Math.max(values[at] / 10, -90))]);
        const floor = HEIGHT - MARGIN.bottom;
        return html`<${Wanted} rule=${rule} y=${y} from=${MARGIN.left} to=${width - MARGIN.right} />
          <path class="f-faint wash" d=${areaPath(points(momentary).map(([place, level]) => [place, level, floor]))} />
          <path class="line thin s-faint" d=${linePath(points(momentary))} />
          <path class="line s-strong" stroke-width="2.25" d=${linePath(points(shortTerm))} />
          ${loud.integrated !== null && html`<line class="line dash s-ink" x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${y(loud.integrated)} y2=${y(loud.integrated)} />`}`;
      }}
    </${TimeChart}>
    <${Distribution} axis=${axis} rule=${rule} />
  </div>`;
}

function Distribution({ axis, rule }) {
  const { low, step, counts } = data.distribution;
  const width = 150;
  const most = Math.max(...counts, 1);
  const y = linear(axis.domain, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const shown = counts.map((count, at) => [low + at * step, count]).filter(([level, count]) => count && level >= axis.domain[0]);
  const mark = (level, name) => level !== null && level >= axis.domain[0] && html`<g>
    <line class="line thin dash s-soft" x1="0" x2=${width - 30} y1=${y(level)} y2=${y(level)} />
    <text class="tag" x=${width} y=${y(level)} dy=".34em" text-anchor="end">${name}</text></g>`;
  return html`<div class="chart aside"><svg class="plot" viewBox="0 0 ${width} ${HEIGHT}" role="img"
    aria-label="Distribution of the short-term loudness: its middle part lies from ${number(loud.loudness_range_low)} to ${number(loud.loudness_range_high)} LUFS">
    <${Wanted} rule=${rule} y=${y} from=${0} to=${width - 32} />
    ${shown.map(([level, count]) => html`<rect class="f-strong" opacity=".75" x="0" y=${y(level + step) + 0.5}
      width=${Math.max((count / most) * (width - 44), 1)} height=${Math.max(y(level) - y(level + step) - 1, 1)} />`)}
    <line class="axis" x1="0" x2="0" y1=${MARGIN.top} y2=${HEIGHT - MARGIN.bottom} />
    ${mark(loud.loudness_range_high, "95 %")}${mark(loud.loudness_range_low, "10 %")}
    <text x="0" y=${HEIGHT - 6}>short-term</text>
  </svg></div>`;
}

function Readout({ target }) {
  const cursor = useShared("cursor");
  const bucket = cursor === null ? null : bucketAt(cursor);
  const rule = wantedOf(target);
  const at = (values, whole) => number(bucket === null ? whole : tenth(values[bucket]));
  return html`<div class="legend">
    <span><i class="c-faint"></i>Momentary ${bucket === null && "max "}<b>${at(momentary, loud.momentary_max)}</b></span>
    <span><i class="c-strong"></i>Short-term ${bucket === null && "max "}<b>${at(shortTerm, loud.short_term_max)}</b></span>
    <span><i class="c-ink dashed"></i>Integrated <b>${number(loud.integrated)}</b> LUFS</span>
    ${rule && html`<span><i class="area"></i>${target.title}: ${rule.words}</span>`}
    ${cursor !== null && html`<span>at <b>${clock(cursor)}</b></span>`}
  </div>`;
}

function Spans() {
  const every = Math.max(1, Math.ceil(data.time.count / 40));
  const rows = [];
  const top = (values, from) => {
    const there = values.slice(from, from + every).filter((value) => value !== null);
    return there.length ? number(Math.max(...there) / 10) : "–";
  };
  for (let at = 0; at < data.time.count; at += every) rows.push([clock(at * data.time.step), top(momentary, at), top(shortTerm, at)]);
  return html`<${AsTable} caption="Loudness over time, largest in each span" head=${["from", "momentary, LUFS", "short-term, LUFS"]} rows=${rows} />`;
}

export function Loudness({ target }) {
  const at = (seconds) => (seconds === null ? "" : `at ${clock(seconds)}`);
  return html`<${Section} id="loudness" title="Loudness" about="ITU-R BS.1770, EBU R 128">
    <div class="card">
      ${loud.integrated === null && html`<p class="small">${data.notes[0] || "There is no integrated loudness."}</p>`}
      <div class="head"><${Readout} target=${target} /><${ZoomButtons} /></div>
      <${History} target=${target} /><${Spans} />
    </div>
    <div class="card"><${Figures} rows=${[
      ["Integrated", figure(loud.integrated), "LUFS"],
      ["Loudness range", figure(loud.loudness_range), "LU", loud.loudness_range_low !== null && `${number(loud.loudness_range_low)} to ${number(loud.loudness_range_high)} LUFS`],
      ["Max momentary", figure(loud.momentary_max), "LUFS", at(loud.momentary_max_at)],
      ["Max short-term", figure(loud.short_term_max), "LUFS", at(loud.short_term_max_at)],
      ["Relative gate", figure(loud.relative_threshold), "LUFS"],
    ]} /></div>
  </${Section}>`;
}
