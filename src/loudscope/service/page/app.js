// The page: masthead, the two views, and what is said to a screen reader.
import { html, render, useEffect, useRef, useState } from "./report/preact.js";
import { Choice } from "./report/parts.js";
import { THEMES, useTheme } from "./report/theme.js";
import { apiKey, ask } from "./server.js";
import { keyWanted, tracks } from "./tracks.js";
import { place, said, useShared } from "./shared.js";
import { Drop, KeyField } from "./drop.js";
import { Rows } from "./rows.js";
import { Reading } from "./reading.js";
import { trouble } from "./words.js";

const VIEWS = { tracks: ["Tracks", "Upload a track, read its report", "#/"], live: ["Live", "Live meter", "#/live"] };

function useOptions() {
  const [state, set] = useState({});
  const load = () => ask("options").then(
    (options) => { keyWanted.set(options.key && !apiKey()); set({ options }); },
    (refusal) => set({ refusal }),
  );
  useEffect(() => {
    load();
    window.addEventListener("online", load);
    return () => window.removeEventListener("online", load);
  }, []);
  return [state, load];
}

function Masthead({ view, theme, setTheme }) {
  return html`<header class="top"><div class="wrap">
      <div class="what"><p class="made">loudscope</p><h1 tabindex="-1">${VIEWS[view][1]}</h1></div>
      <div class="choices"><${Choice} label="Colours" value=${theme} onChange=${setTheme} options=${Object.entries(THEMES)} /></div>
    </div></header>
    <nav aria-label="Views"><div class="wrap"><ul>${Object.entries(VIEWS).map(([name, [title, , href]]) =>
      html`<li key=${name}><a href=${href} aria-current=${name === view ? "page" : undefined}>${title}</a></li>`)}</ul></div></nav>`;
}

function Offline() {
  const [offline, set] = useState(!navigator.onLine);
  useEffect(() => {
    const look = () => set(!navigator.onLine);
    for (const name of ["online", "offline"]) window.addEventListener(name, look);
    return () => { for (const name of ["online", "offline"]) window.removeEventListener(name, look); };
  }, []);
  return html`<div role="alert">${offline && html`<p class="card notice warn">You are offline. Uploads wait; what the server has begun goes on.</p>`}</div>`;
}

function Unanswered({ refusal, again }) {
  const { title, help } = trouble(refusal);
  return html`<div class="card notice bad" role="alert"><h2>${title}</h2><p>${help}</p><button onClick=${again}>Try again</button></div>`;
}

// The live meter is fetched when it is first looked at.
function Later({ options }) {
  const [state, set] = useState({});
  useEffect(() => { import("./live.js").then(({ Live }) => set({ Live }), () => set({ failed: true })); }, []);
  if (state.failed) return html`<p class="card notice bad" role="alert">The live meter could not be loaded. Reload the page.</p>`;
  return state.Live ? html`<${state.Live} options=${options} />` : html`<p role="status">Loading.</p>`;
}

function View({ view, options }) {
  if (view === "live") return html`<${KeyField} /><${Later} options=${options} />`;
  return html`<${KeyField} /><${Drop} options=${options} /><${Rows} options=${options} />`;
}

function useTitle(view) {
  const list = useShared(tracks);
  const open = list.filter((track) => ["waiting", "sending", "held", "following"].includes(track.phase)).length;
  useEffect(() => { document.title = `${open ? `${open} under way · ` : ""}${view === "live" ? "Live meter · " : ""}loudscope`; }, [open, view]);
}

function App() {
  const { view, token } = useShared(place);
  const [theme, setTheme] = useTheme();
  const [{ options, refusal }, load] = useOptions();
  const first = useRef(true);
  useTitle(view);
  useEffect(() => {
    if (!first.current) document.querySelector("h1[tabindex]")?.focus();
    first.current = false;
  }, [view]);
  if (view === "report") return html`<${Reading} token=${token} /><${Said} />`;
  return html`<a class="skip" href="#content" onClick=${skip}>Skip to the content</a>
    <${Masthead} view=${view} theme=${theme} setTheme=${setTheme} />
    <main class="wrap" id="content" tabindex="-1"><${Offline} />
      ${options && html`<${View} view=${view} options=${options} />`}
      ${refusal && !options && html`<${Unanswered} refusal=${refusal} again=${load} />`}</main>
    <footer class="wrap">Measured by loudscope${options ? ` ${options.version}` : ""}. Ranges say what is usual, not what is right.</footer><${Said} />`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

const Said = () => html`<p class="visually-hidden" role="status">${useShared(said)}</p>`;

render(html`<${App} />`, document.getElementById("page"));
document.documentElement.dataset.ready = "true";
