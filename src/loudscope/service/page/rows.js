// The list of tracks: how far each is, its verdict in short, and what can be done with it.
import { html, useEffect } from "./report/preact.js";
import { clock, number, plural, typeset } from "./report/format.js";
import { Pill } from "./report/parts.js";
import { address } from "./server.js";
import { expire, forget, remove, retry, tracks } from "./tracks.js";
import { useClock, useShared } from "./shared.js";
import { size, span, STAGES, trouble, VERDICTS } from "./words.js";

const NAMES = ["queued", "decoding", "measuring", "judging"];
const EDGES = [0, 1.4 / 7.2, 3 / 7.2, 6 / 7.2, 1]; // of the steps, as the style lays them out

// How far a track is: [state of its pill, words, share or null where there is none to tell]
function standing(track, now) {
  const { phase, status, sent, until, refusal } = track;
  if (phase === "waiting") return ["flat", "Waiting", null];
  if (phase === "sending") return ["busy", sent < 1 ? `Uploading, ${Math.round(100 * sent)} %` : "Uploaded", sent];
  if (phase === "held") return ["warn", refusal.code === "offline" ? "Waits for the network" : `Next try in ${Math.max(0, Math.ceil((until - now) / 1000))} s`, null];
  if (phase === "refused") return ["bad", "Not uploaded", null];
  if (phase === "gone") return ["flat", trouble(refusal).code === "expired" ? "Expired" : "Not there", null];
  const stage = status?.stage;
  if (stage === "done") return [...(VERDICTS[status.verdict?.verdict] ?? ["good", "Done"]), null];
  if (stage === "failed") return ["bad", "Failed", null];
  if (stage === "cancelled") return ["flat", "Cancelled", null];
  if (!stage) return ["busy", "Asking", null];
  return ["busy", wordsOf(status), shareOf(status)];
}

function wordsOf({ stage, ahead, progress }) {
  if (stage === "queued" && ahead) return `Queued, ${ahead} before it`;
  return stage === "measuring" && progress ? `Measuring, ${Math.floor(100 * progress)} %` : STAGES[stage];
}

function shareOf({ stage, progress }) {
  const at = NAMES.indexOf(stage);
  return EDGES[at] + (stage === "measuring" ? progress * (EDGES[at + 1] - EDGES[at]) : 0);
}

function Steps({ stage, label, share }) {
  const at = NAMES.indexOf(stage);
  return html`<div class="steps">
    <progress max="1" value=${share ?? undefined} aria-label=${label}></progress>
    ${at >= 0 && html`<ol aria-hidden="true">${NAMES.map((name, place) => html`<li class=${place < at ? "past" : place === at ? "now" : ""}>${STAGES[name]}</li>`)}</ol>`}
  </div>`;
}

function Figures({ figures = {} }) {
  const rows = [["Integrated", figures.integrated, "LUFS"], ["True peak", figures.true_peak, "dBTP"], ["Range", figures.loudness_range, "LU"]];
  return html`<dl class="brief">${rows.map(([name, value, unit]) => html`<div key=${name}><dt>${name}</dt><dd>${number(value)} <small>${value == null ? "" : unit}</small></dd></div>`)}
    ${figures.duration != null && html`<div><dt>Length</dt><dd>${clock(figures.duration, 0)}</dd></div>`}</dl>`;
}

const PASSES = { pass: "passes", fail: "fails", "not judged": "not judged" };

function Outcome({ verdict: { target, issues = {}, top } }) {
  const count = Object.values(issues).reduce((sum, many) => sum + many, 0);
  const lines = [target && `${target.title}: ${PASSES[target.verdict]}`, count ? plural(count, "issue") : "nothing stands out"];
  return html`<p class="small quiet">${lines.filter(Boolean).join(" · ")}</p>${top && html`<p>${typeset(top)}</p>`}`;
}

function Trouble({ refusal }) {
  const { title, help, said } = trouble(refusal);
  return html`<div class="trouble"><p><strong>${title}.</strong> ${help}</p>${said && html`<p class="small quiet">The server says: ${said}</p>`}</div>`;
}

function Buttons({ track }) {
  const { id, name, phase, status, file, token } = track;
  const done = phase === "final" && status?.stage === "done";
  const under = ["sending", "following", "held", "waiting"].includes(phase);
  const again = file && (phase === "refused" || phase === "gone" || status?.stage === "failed" || status?.stage === "cancelled");
  return html`<div class="buttons">
    ${done && html`<a class="button primary" href="#/report/${token}" aria-label="Report of ${name}">Open report</a>
      <a class="button" href=${address(`report/${token}`)} target="_blank" rel="noopener" aria-label="Report of ${name}, in a new tab">New tab</a>`}
    ${again && html`<button onClick=${() => retry(id)} aria-label="Try ${name} again">Try again</button>`}
    <button onClick=${() => remove(id)} aria-label="${under ? "Cancel" : phase === "final" ? "Delete" : "Remove"} ${name}">${under ? "Cancel" : phase === "final" ? "Delete" : "Remove"}</button>
  </div>`;
}

function Row({ track, now, titles }) {
  const { name, size: bytes, phase, status, refusal, expires, link } = track;
  const [state, words, share] = standing(track, now);
  const busy = phase === "sending" || phase === "following";
  const reason = phase === "final" && status.stage === "failed" ? status.reason ?? {} : refusal;
  const aim = [titles[track.target], titles[track.genre], track.reference && "with a reference"].filter(Boolean);
  const left = phase === "final" && status.stage === "done" ? `kept ${span((expires - now) / 1000)} more` : "";
  return html`<li class="track ${state}" data-phase=${phase} data-stage=${status?.stage} data-link=${phase === "following" ? link : undefined}>
    <div class="all"><div class="line"><h3>${name}</h3><${Pill} state=${state === "busy" ? "flat" : state}>${words}</${Pill}></div>
    <p class="facts small quiet">${[bytes && size(bytes), ...aim, left].filter(Boolean).join(" · ")}</p>
    ${busy && html`<${Steps} stage=${status?.stage} share=${share} label="${name}: ${words}" />`}
    ${busy && link === "lost" && html`<p class="small warned">The connection is lost; it is tried again. The work goes on at the server.</p>`}
    ${status?.stage === "done" && phase === "final" && status.verdict && html`<${Figures} figures=${status.verdict.figures} /><${Outcome} verdict=${status.verdict} />`}
    ${reason && html`<${Trouble} refusal=${reason} />`}</div>
    <${Buttons} track=${track} />
  </li>`;
}

export function Rows({ options }) {
  const list = useShared(tracks);
  const now = useClock(list.some((track) => track.phase === "held" || track.phase === "final"));
  useEffect(() => expire(now), [now]);
  if (!list.length) return null;
  const titles = Object.fromEntries([...options.genres, ...options.targets].map((one) => [one.name, one.title]));
  const done = list.filter((track) => track.status?.stage === "done").length;
  return html`<section aria-labelledby="tracks-title"><header><h2 id="tracks-title">Tracks</h2><p>${done} of ${list.length} done</p>
      <button class="go" onClick=${forget} title="The list is kept in this browser only. Results stay at the server until they expire.">Forget this list</button></header>
    <ul class="tracks">${list.map((track) => html`<${Row} key=${track.id} track=${track} now=${now} titles=${titles} />`)}</ul></section>`;
}
