// The Live tab: a source, the meter's figures and bars, and their history.
import { html, useEffect, useRef, useState } from "./report/preact.js";
import { clock, hertz, number, plural } from "./report/format.js";
import { Choice, Pill } from "./report/parts.js";
import { begin, end, IDLE, isOn, leave, live } from "./metering.js";
import { Correlation, decibels, Level, Scale } from "./meters.js";
import { History } from "./chart.js";
import { series } from "./series.js";
import { useShared } from "./shared.js";
import { keyWanted } from "./tracks.js";

const apart = (low, high) => (low < 1000 && high >= 1000 ? hertz(low) : hertz(low).replace(/ .*/, ""));
const KINDS = { microphone: "Microphone", tab: "A tab's sound", file: "A file" };
const PHASES = { opening: ["flat", "Waiting for sound"], running: ["good", "Measuring"], paused: ["warn", "Paused"], ending: ["flat", "Ending"], over: ["flat", "Stopped"] };
const SPANS = { 60: "Last minute", 300: "Last 5 minutes", Infinity: "All" };
const LOUD = { low: -60, high: 0 };

function Kinds({ kind, set, disabled }) {
  return html`<fieldset class="kinds" disabled=${disabled}><legend>Source</legend>${Object.entries(KINDS).map(([name, title]) =>
    html`<label key=${name}><input type="radio" name="kind" value=${name} checked=${kind === name} onChange=${() => set(name)} /><span>${title}</span></label>`)}</fieldset>`;
}

// Devices have names once one of them was allowed.
function Devices({ device, set, phase }) {
  const [list, setList] = useState([]);
  useEffect(() => {
    navigator.mediaDevices?.enumerateDevices?.().then((all) => setList(all.filter((one) => one.kind === "audioinput" && one.label && one.deviceId !== "default")), () => {});
  }, [phase]);
  if (list.length < 2) return null;
  return html`<${Choice} label="Device" value=${device} onChange=${set} options=${[["", "as the system"], ...list.map((one) => [one.deviceId, one.label])]} />`;
}

function Player({ audio, disabled, ready, start }) {
  const input = useRef(null);
  const place = useRef("");
  const [name, setName] = useState("");
  useEffect(() => () => URL.revokeObjectURL(place.current), []);
  const take = ([file]) => {
    if (!file) return;
    URL.revokeObjectURL(place.current);
    place.current = URL.createObjectURL(file);
    audio.current.src = place.current;
    setName(file.name);
    ready(true);
  };
  return html`<div class="player"><div class="buttons"><button disabled=${disabled} onClick=${() => input.current.click()}>Choose a file</button>
      <span class="chosen">${name || "none chosen"}</span></div>
    <input ref=${input} type="file" hidden accept="audio/*" aria-label="File to play" onChange=${(event) => take([...event.target.files])} />
    <audio ref=${audio} controls hidden=${!name} preload="auto" onPlay=${() => disabled || start()}></audio></div>`;
}

function Controls({ state, target, setTarget, options }) {
  const [kind, setKind] = useState("microphone");
  const [device, setDevice] = useState("");
  const [ready, setReady] = useState(false);
  const audio = useRef(null);
  const on = isOn(state.phase);
  const start = () => begin(kind, { device, audio: audio.current });
  return html`<div class="card controls"><div class="choices"><${Kinds} kind=${kind} set=${setKind} disabled=${on} />
      <${Choice} label="Target" value=${target} onChange=${setTarget} options=${[["", "none"], ...options.targets.map((one) => [one.name, one.title])]} />
      ${kind === "microphone" && html`<${Devices} device=${device} set=${setDevice} phase=${state.phase} />`}</div>
    ${kind === "file" && html`<${Player} audio=${audio} disabled=${on} ready=${setReady} start=${start} />`}
    <div class="buttons start">${on
      ? html`<button key="stop" class="primary" onClick=${end} disabled=${state.phase === "ending"}>Stop</button>`
      : html`<button key="start" class="primary" onClick=${start} disabled=${kind === "file" && !ready}>Start</button>`}
      <${Standing} state=${state} /></div></div>`;
}

function Standing({ state }) {
  const [tone, words] = PHASES[state.phase] ?? [];
  return html`<span class="standing" role="status">${words && html`<${Pill} state=${tone}>${words}</${Pill}>`}
    ${state.about && html`<span class="small quiet">${state.about}</span>`}
    ${state.lost > 0 && html`<span class="small warned">The connection is too slow: ${number(state.lost)} s of sound were left out.</span>`}</span>`;
}

function Big({ name, value, unit, decimals = 1, tone = "flat", note }) {
  return html`<div class="tile ${tone}"><span class="name">${name}</span><span class="value">${number(value, decimals)} <small>${unit}</small></span>${note && html`<span class="note">${note}</span>`}</div>`;
}

const inside = (value, ranges) => ranges.some(([low, high]) => (low === null || value >= low) && (high === null || value <= high));

function Figures({ reading, aim }) {
  const { integrated = null, loudness_range: range = null, true_peak: peak = null, momentary_max: momentary = null, short_term_max: short = null, seconds = 0 } = reading ?? {};
  const ranges = aim?.ranges ?? [];
  const loud = integrated === null || !ranges.length ? "flat" : inside(integrated, ranges) ? "good" : "warn";
  const high = peak === null || aim?.true_peak == null ? "flat" : peak > aim.true_peak ? "bad" : "good";
  const off = integrated !== null && aim?.lufs != null ? `${number(Math.abs(integrated - aim.lufs))} LU ${integrated > aim.lufs ? "above" : "below"} ${number(aim.lufs)}` : "";
  return html`<div class="tiles live"><${Big} name="Integrated" value=${integrated} unit="LUFS" tone=${loud} note=${off} />
    <${Big} name="Loudness range" value=${range} unit="LU" note=${range !== null && seconds < 60 ? "settles after a minute" : ""} />
    <${Big} name="True peak" value=${peak} unit="dBTP" tone=${high} note=${high === "flat" ? "" : `${high === "bad" ? `over by ${number(peak - aim.true_peak)}; ` : ""}at most ${number(aim.true_peak)}`} />
    <${Big} name="Max momentary" value=${momentary} unit="LUFS" /><${Big} name="Max short-term" value=${short} unit="LUFS" />
    <div class="tile flat"><span class="name">Measured</span><span class="value">${clock(seconds, 0)}</span></div></div>`;
}

const PLAIN = { 1: ["Mono"], 2: ["Left", "Right"] };

function Bars({ state, aim }) {
  const { reading, peaks } = state;
  const tops = reading?.true_peak_per_channel ?? [];
  return html`<div class="split"><div class="card"><h2 class="title">Loudness</h2>
      <${Level} label="Momentary" value=${reading?.momentary ?? null} hold=${reading?.momentary_max ?? null} ...${LOUD} unit="LUFS" />
      <${Level} label="Short-term" value=${reading?.short_term ?? null} hold=${reading?.short_term_max ?? null} ...${LOUD} unit="LUFS" />
      <${Scale} ...${LOUD} step=${12} />
      <${Correlation} value=${reading?.correlation ?? null} /></div>
    <div class="card"><h2 class="title">Channels</h2>${(tops.length ? tops : [null, null]).map((top, at) =>
      html`<${Level} key=${at} label=${PLAIN[tops.length || 2]?.[at] ?? `Channel ${at + 1}`} value=${decibels(peaks[at] ?? 0)} hold=${top} limit=${aim?.true_peak ?? 0} low=${-60} high=${3} unit="dBFS" />`)}
      <p class="small quiet">Bar: peak of the last 100 ms. Mark: largest true peak so far.</p></div></div>`;
}

function Bands({ bands }) {
  if (!bands?.length) return null;
  return html`<div class="card"><h2 class="title">Bands</h2><div class="columns">${bands.map((band) => html`<${Level} key=${band.name} label=${band.name} about="${apart(band.low_hz, band.high_hz)}–${hertz(band.high_hz)}" value=${band.level} low=${-72} high=${0} unit="dBFS" />`)}</div></div>`;
}

function save() {
  const rows = series.seconds.map((seconds, at) => [seconds.toFixed(2), ...["momentary", "short_term", "integrated"].map((name) => series[name][at] ?? "")].join(","));
  const text = ["seconds,momentary_lufs,short_term_lufs,integrated_lufs", ...rows].join("\r\n") + "\r\n";
  const link = document.createElement("a");
  Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: "live.history.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function Live({ options }) {
  const state = useShared(live);
  const [target, setTarget] = useState("");
  const [span, setSpan] = useState("60");
  useEffect(() => () => { leave(); live.set(IDLE); }, []);
  useEffect(() => { if (options.key && state.refusal?.code === "unreachable") keyWanted.set(true); }, [state.refusal]);
  const aim = options.targets.find((one) => one.name === target);
  const ranges = aim ? (aim.ranges.length ? aim.ranges : aim.lufs === null ? [] : [[aim.lufs, aim.lufs]]) : [];
  if (!options.live) return html`<p class="card notice warn">This server does not meter live. Upload a track instead.</p>`;
  return html`<${Controls} state=${state} target=${target} setTarget=${setTarget} options=${options} />
    <div role="alert">${state.refusal && html`<p class="card notice bad">${state.refusal.detail}</p>`}</div>
    <${Figures} reading=${state.reading} aim=${aim} /><${Bars} state=${state} aim=${aim} />
    <div class="card"><div class="head"><h2 class="title">History</h2><div class="choices">
        <${Choice} label="Span" value=${span} onChange=${setSpan} options=${Object.entries(SPANS)} />
        <button onClick=${save} disabled=${!state.reading}>Save as CSV</button></div></div>
      <${History} reading=${state.reading} span=${Number(span)} ranges=${ranges} /></div>
    <${Bands} bands=${state.reading?.bands} />
    <p class="small quiet">Sound goes to the server as it is heard, is measured there and not kept. The server has ${plural(options.live, "place")} for it.</p>`;
}
