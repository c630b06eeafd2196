// Where files come from: dropped anywhere, chosen or pasted; and what they are to be held against.
import { html, useEffect, useRef, useState } from "./report/preact.js";
import { Choice } from "./report/parts.js";
import { add, keyWanted, retryRefused } from "./tracks.js";
import { apiKey, setApiKey } from "./server.js";
import { say, useShared } from "./shared.js";
import { size } from "./words.js";

const ACCEPT = "audio/*,.wav,.flac,.aif,.aiff,.ogg,.opus,.mp3,.mp2,.caf,.w64,.rf64,.m4a,.aac,.wma,.webm,.mp4";
const STORED = "loudscope-choices";

function chosenBefore(options) {
  let found = {};
  try { found = JSON.parse(localStorage.getItem(STORED) || "{}") ?? {}; } catch { /* none, then */ }
  const known = (list, name) => (list.some((one) => one.name === name) ? name : "");
  return { genre: known(options.genres, found.genre), target: known(options.targets, found.target) };
}

function filesOf(transfer) {
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === "file");
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()?.name);
  if (folders.length) say("A folder cannot be sent; choose the files in it.");
  return [...(transfer?.files ?? [])].filter((file) => !folders.includes(file.name));
}

// Files that are dropped or pasted anywhere on the page; answers whether one hovers over it.
function useArrivals(take) {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    let depth = 0;
    const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const on = {
      dragenter: (event) => { if (carries(event)) { event.preventDefault(); depth += 1; setOver(true); } },
      dragover: (event) => { if (carries(event)) event.preventDefault(); },
      dragleave: (event) => { if (carries(event)) { depth -= 1; setOver(depth > 0); } },
      drop: (event) => { if (carries(event)) { event.preventDefault(); depth = 0; setOver(false); latest.current(filesOf(event.dataTransfer)); } },
      paste: (event) => { const files = filesOf(event.clipboardData); if (files.length) { event.preventDefault(); latest.current(files); } },
    };
    for (const [name, act] of Object.entries(on)) document.addEventListener(name, act);
    return () => { for (const [name, act] of Object.entries(on)) document.removeEventListener(name, act); };
  }, []);
  return over;
}

function Picker({ label, multiple, onFiles, primary }) {
  const input = useRef(null);
  const picked = (event) => { onFiles([...event.target.files]); event.target.value = ""; };
  return html`<button class=${primary ? "primary" : ""} onClick=${() => input.current.click()}>${label}</button>
    <input ref=${input} type="file" hidden multiple=${multiple} accept=${ACCEPT} aria-label=${label} onChange=${picked} />`;
}

function Reference({ file, set }) {
  return html`<div class="field"><span id="reference-label">Reference, if you have one</span>
    <div class="buttons" role="group" aria-labelledby="reference-label">${file
      ? html`<span class="chosen" title=${file.name}>${file.name} <small>${size(file.size)}</small></span><button onClick=${() => set(null)} aria-label="Without the reference ${file.name}">Remove</button>`
      : html`<${Picker} label="Choose a track" onFiles=${([first]) => set(first)} />`}</div></div>`;
}

export function KeyField() {
  const wanted = useShared(keyWanted);
  const field = useRef(null);
  if (!wanted) return null;
  const give = (event) => {
    event.preventDefault();
    if (!field.current.value.trim()) { field.current.focus(); return; }
    setApiKey(field.current.value.trim());
    retryRefused();
  };
  return html`<form class="card key" onSubmit=${give}>
    <label for="key">${apiKey() ? "The server does not accept this API key. Another one:" : "This server wants an API key:"}</label>
    <div class="buttons"><input id="key" ref=${field} type="password" autocomplete="off" spellcheck="false" defaultValue=${apiKey()} />
      <button type="submit" class="primary">Use this key</button></div>
    <p class="small quiet">It is kept until this tab is closed.</p></form>`;
}

export function Drop({ options }) {
  const [choices, setChoices] = useState(() => chosenBefore(options));
  const [reference, setReference] = useState(null);
  const choose = (part) => {
    const next = { ...choices, ...part };
    setChoices(next);
    try { localStorage.setItem(STORED, JSON.stringify(next)); } catch { /* chosen anew next time */ }
  };
  const take = (files) => files.length && add(files, { ...choices, reference }, options.limits);
  const over = useArrivals(take);
  const listed = (list) => [["", "none"], ...list.map((one) => [one.name, one.title])];
  return html`<div class="card drop ${over ? "over" : ""}">
    <div class="zone"><svg viewBox="0 0 48 48" aria-hidden="true"><path d="M8 24v0M14 18v12M20 10v28M26 15v18M32 6v36M38 19v10M44 24v0" /></svg>
      <p class="lead">${over ? "Let go to measure" : "Drop tracks here"}</p>
      <p class="quiet small">or paste them, up to ${size(options.limits.upload_bytes)} each</p>
      <${Picker} label="Choose files" multiple primary onFiles=${take} /></div>
    <div class="choices">
      <${Choice} label="Target" value=${choices.target} onChange=${(target) => choose({ target })} options=${listed(options.targets)} />
      <${Choice} label="Genre" value=${choices.genre} onChange=${(genre) => choose({ genre })} options=${listed(options.genres)} />
      <${Reference} file=${reference} set=${setReference} /></div>
    <p class="small quiet">Target and genre can be changed in the report; nothing is measured again. Audio is deleted once it was measured, results after ${Math.round(options.result_seconds / 60) || 1} min.</p>
  </div>`;
}
