// A chart over time. All of them share the span that is shown and one crosshair.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./preact.js";
import { change, data, isWhole, peek, show, showAll, useShared, zoom } from "./state.js";
import { clamp, linear, timeTicks } from "./axes.js";
import { clock } from "./format.js";

export const MARGIN = { left: 42, right: 10, top: 8, bottom: 22 };

export function useWidth() {
  const ref = useRef(null);
  const [width, setWidth] = useState(720);
  useLayoutEffect(() => {
    const measure = () => ref.current && setWidth(Math.max(240, Math.round(ref.current.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

export function YAxis({ y, ticks, right, label }) {
  return html`<g>${ticks.map(
    (tick) => html`<g key=${tick}>
      <line class="grid" x1=${MARGIN.left} x2=${right} y1=${y(tick)} y2=${y(tick)} />
      <text x=${MARGIN.left - 7} y=${y(tick)} dy=".34em" text-anchor="end">${label(tick)}</text>
    </g>`,
  )}</g>`;
}

function XAxis({ x, view, height, width }) {
  const { ticks, decimals } = timeTicks(view, width / 80);
  const base = height - MARGIN.bottom;
  return html`<g>
    <line class="axis" x1=${MARGIN.left} x2=${width - MARGIN.right} y1=${base} y2=${base} />
    ${ticks.map((tick) => html`<g key=${tick}>
      <line class="axis" x1=${x(tick)} x2=${x(tick)} y1=${base} y2=${base + 4} />
      <text x=${x(tick)} y=${base + 16} text-anchor="middle">${clock(tick, decimals)}</text>
    </g>`)}
  </g>`;
}

function Crosshair({ x, height, width, dots }) {
  const cursor = useShared("cursor");
  if (cursor === null || x(cursor) < MARGIN.left || x(cursor) > width - MARGIN.right) return null;
  return html`<g pointer-events="none">
    <line class="cross" x1=${x(cursor)} x2=${x(cursor)} y1=${MARGIN.top} y2=${height - MARGIN.bottom} />
    ${dots(cursor).filter(([place]) => place !== null).map(
      ([place, colour]) => html`<circle class="dot f-${colour}" cx=${x(cursor)} cy=${place} r="4" />`)}
  </g>`;
}

// Keys on the plot: arrows move the crosshair, + and - zoom.
function keysOf(view) {
  const step = (view[1] - view[0]) / 100;
  const move = (by) => change({ cursor: clamp((peek("cursor") ?? view[0]) + by, view[0], view[1]) });
  const keys = {
    ArrowRight: () => move(step), ArrowLeft: () => move(-step), ArrowUp: () => move(step), ArrowDown: () => move(-step),
    PageUp: () => move(10 * step), PageDown: () => move(-10 * step),
    Home: () => change({ cursor: view[0] }), End: () => change({ cursor: view[1] }),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), Escape: showAll,
  };
  return (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}

// Pointer on the plot: hover moves the crosshair, a drag zooms.
function useDrag(x, view) {
  const [drag, setDrag] = useState(null);
  const start = useRef(null);
  const at = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * event.currentTarget.viewBox.baseVal.width;
    return clamp(x.invert(place), view[0], view[1]);
  };
  const onPointerDown = (event) => {
    if (event.button !== 0) return;
    start.current = at(event);
    change({ cursor: start.current });
    if (event.pointerType === "mouse") event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event) => {
    const now = at(event);
    change({ cursor: now });
    if (start.current !== null && event.pointerType === "mouse") setDrag([start.current, now]);
  };
  const onPointerCancel = () => { start.current = null; setDrag(null); };
  const onPointerUp = () => {
    if (drag && Math.abs(drag[1] - drag[0]) > (view[1] - view[0]) / 50) show(Math.min(...drag), Math.max(...drag));
    onPointerCancel();
  };
  return [drag, { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onDblClick: showAll }];
}

// label: what the chart shows, in words; y: {domain, ticks, label}; read(seconds): the values there
// in words; dots(seconds, y): [[place, colour]]; children: a function of {x, y, view, width}.
export function TimeChart({ label, height, y: axis, read, dots, children }) {
  const [ref, width] = useWidth();
  const view = useShared("view");
  const x = linear(view, [MARGIN.left, width - MARGIN.right]);
  const y = linear(axis.domain, [height - MARGIN.bottom, MARGIN.top]);
  const [drag, pointer] = useDrag(x, view);
  const handlers = { ...pointer, onKeyDown: keysOf(view) };
  const id = `clip-${label.replace(/\W+/g, "-")}`;
  return html`<div class="chart" ref=${ref}>
    <${Slider} label=${label} read=${read} viewBox="0 0 ${width} ${height}" handlers=${handlers}>
      <defs><clipPath id=${id}><rect x=${MARGIN.left} y=${MARGIN.top}
        width=${width - MARGIN.left - MARGIN.right} height=${height - MARGIN.top - MARGIN.bottom} /></clipPath></defs>
      <${YAxis} y=${y} ticks=${axis.ticks} right=${width - MARGIN.right} label=${axis.label} />
      <${XAxis} x=${x} view=${view} height=${height} width=${width} />
      <g clip-path="url(#${id})">${children({ x, y, view, width, height })}</g>
      ${drag && html`<rect class="drag" x=${Math.min(x(drag[0]), x(drag[1]))} y=${MARGIN.top}
        width=${Math.abs(x(drag[1]) - x(drag[0]))} height=${height - MARGIN.top - MARGIN.bottom} />`}
      <${Crosshair} x=${x} height=${height} width=${width} dots=${(seconds) => dots(seconds, y)} />
    </${Slider}>
  </div>`;
}

function Slider({ label, read, viewBox, handlers, children }) {
  const cursor = useShared("cursor");
  const now = cursor ?? 0;
  return html`<svg class="plot" viewBox=${viewBox} tabindex="0" role="slider" aria-label="${label}: place in the track"
    aria-valuemin="0" aria-valuemax=${data.track.duration} aria-valuenow=${now} aria-valuetext="${clock(now)}: ${read(now)}"
    ...${handlers}>${children}</svg>`;
}

export function ZoomButtons() {
  const view = useShared("view");
  const [said, say] = useState("");
  useEffect(() => say(isWhole(view) ? "" : `${clock(view[0])} to ${clock(view[1])}`), [view]);
  return html`<div class="buttons screen">
    <span class="small quiet" role="status">${said}</span>
    <button class="go" onClick=${() => zoom(0.5)} aria-label="Zoom in">+</button>
    <button class="go" onClick=${() => zoom(2)} aria-label="Zoom out">−</button>
    <button class="go" onClick=${showAll} disabled=${isWhole(view)}>Whole track</button>
  </div>`;
}

// Indices of the buckets to draw, one beyond each end of the view.
export function bucketsIn(view) {
  const first = Math.max(0, Math.floor(view[0] / data.time.step) - 1);
  const last = Math.min(data.time.count - 1, Math.ceil(view[1] / data.time.step) + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

export const middleOf = (bucket) => (bucket + 0.5) * data.time.step;
