// The history of a session: momentary, short-term and integrated over time, drawn by uPlot.
import { html, useEffect, useRef, useState } from "./report/preact.js";
import { clock, number } from "./report/format.js";
import { audible } from "./meters.js";
import { lately, series } from "./series.js";
import { uPlot } from "./uplot.js";

const HEIGHT = 250;
const LOW = -54; // LUFS
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const LINES = [["momentary", "--faint", 1], ["short_term", "--strong", 2.25], ["integrated", "--ink", 1.5]];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function linesOf() {
  return LINES.map(([label, name, width]) => ({
    label, width, stroke: colour(name), points: { show: false }, spanGaps: false,
    ...(label === "integrated" && { dash: [5, 4] }),
    ...(label === "momentary" && { fill: colour("--band"), fillTo: (plot) => plot.scales.y.min }), // else it fills up to 0
  }));
}

function optionsOf(width, wanted, point) {
  const axis = { stroke: colour("--soft"), font: "12px system-ui, sans-serif", grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false } };
  return {
    width, height: HEIGHT, legend: { show: false }, series: [{}, ...linesOf()],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false, range: (plot, low, high) => [low ?? 0, Math.max(high ?? 0, (low ?? 0) + 10)] }, y: { range: (plot, low, high) => [LOW, Math.max(0, Math.ceil((high ?? 0) / 3) * 3)] } },
    axes: [{ ...axis, incrs: SECONDS, space: 70, values: (plot, ticks) => ticks.map((tick) => clock(tick, 0)), size: 28 }, { ...axis, incrs: [6, 12], values: (plot, ticks) => ticks.map((tick) => number(tick, 0)), size: 38 }],
    hooks: { draw: [(plot) => paint(plot, wanted.current)], setCursor: [(plot) => point(plot.cursor.idx ?? null)] },
  };
}

// What the target asks for: a wash over the lines, stronger where it is narrow.
function paint(plot, ranges) {
  const { left, width } = plot.bbox;
  plot.ctx.fillStyle = colour("--good");
  for (const [low, high] of ranges) {
    const [top, bottom] = [high ?? 60, low ?? -200].map((level) => plot.valToPos(Math.min(Math.max(level, LOW), plot.scales.y.max), "y", true));
    const height = Math.max(bottom - top, 3);
    plot.ctx.globalAlpha = height < 12 ? 0.55 : 0.16;
    plot.ctx.fillRect(left, (top + bottom - height) / 2, width, height);
  }
  plot.ctx.globalAlpha = 1;
}

// The plot lives as long as its colours do: another theme makes it anew.
function usePlot(place, wanted, point) {
  const plot = useRef(null);
  const [failed, fail] = useState(false);
  useEffect(() => {
    let here = true;
    const make = async () => {
      const Plot = await uPlot();
      if (!here) return;
      plot.current?.destroy();
      plot.current = new Plot(optionsOf(place.current.clientWidth, wanted, point), lately(60), place.current);
    };
    const themes = new MutationObserver(() => make());
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: place.current.clientWidth, height: HEIGHT }));
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    sizes.observe(place.current);
    make().catch(() => here && fail(true));
    return () => { here = false; themes.disconnect(); sizes.disconnect(); plot.current?.destroy(); };
  }, []);
  return [plot, failed];
}

export function History({ reading, span, ranges }) {
  const place = useRef(null);
  const wanted = useRef(ranges);
  const [at, setAt] = useState(null);
  wanted.current = ranges;
  const [plot, failed] = usePlot(place, wanted, setAt);
  const data = lately(span);
  useEffect(() => { plot.current?.setData(data); }, [reading, span, ranges]);
  const pointed = at !== null && data[0][at] !== undefined;
  const one = (column) => number(audible(pointed ? data[column][at] : data[column].at(-1)));
  return html`<div class="legend"><span><i class="c-faint"></i>Momentary <b>${one(1)}</b></span><span><i class="c-strong"></i>Short-term <b>${one(2)}</b></span>
      <span><i class="c-ink dashed"></i>Integrated <b>${one(3)}</b> LUFS</span>${ranges.length > 0 && html`<span><i class="area wanted"></i>target</span>`}
      ${pointed && html`<span>at <b>${clock(data[0][at])}</b></span>`}</div>
    ${failed && html`<p class="small warned">The chart could not be loaded; the figures go on.</p>`}
    <div class="history" ref=${place} role="img" aria-label="History of momentary, short-term and integrated loudness over ${number(series.seconds.at(-1) ?? 0, 0)} seconds; Save as CSV gives its figures"></div>`;
}
