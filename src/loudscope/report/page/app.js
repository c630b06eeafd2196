// The page: masthead with the choices, navigation, sections.
import { html, render, useEffect, useRef, useState } from "./preact.js";
import { data } from "./state.js";
import { score } from "./score.js";
import { clock } from "./format.js";
import { Choice } from "./parts.js";
import { THEMES, useTheme } from "./theme.js";
import { Verdict } from "./verdict.js";
import { Loudness } from "./loudness.js";
import { Peaks } from "./peaks.js";
import { Tone } from "./tone.js";
import { Stereo } from "./stereo.js";
import { Reference } from "./reference.js";
import { Data } from "./data.js";

const SECTIONS = ["Verdict", "Loudness", "Peaks", "Tone", "Stereo", ...(data.reference ? ["Reference"] : []), "Data"];

function Masthead({ target, genre, theme, set }) {
  const { name, duration, rate_hz: rate, layout } = data.track;
  const facts = [clock(duration), `${rate / 1000} kHz`, layout, data.inspection.faults.bits && `${data.inspection.faults.bits.container} bit`].filter(Boolean);
  return html`<header class="top"><div class="wrap">
    <div class="what"><p class="made">loudscope report</p><h1>${name || "untitled"}</h1><p class="facts">${facts.join(" · ")}</p></div>
    <div class="choices">
      <${Choice} label="Target" value=${target} onChange=${set.target} options=${[["", "none"], ...data.targets.map((one) => [one.name, one.title])]} />
      <${Choice} label="Genre" value=${genre} onChange=${set.genre} options=${[["", "none"], ...data.genres.map((one) => [one.name, one.title])]} />
      <${Choice} label="Colours" value=${theme} onChange=${set.theme} options=${Object.entries(THEMES)} />
    </div></div></header>`;
}

function Navigation() {
  const [current, setCurrent] = useState("verdict");
  useEffect(() => {
    const look = () => {
      const passed = SECTIONS.map((name) => name.toLowerCase()).filter((id) => document.getElementById(id)?.getBoundingClientRect().top < 120);
      const bottom = window.innerHeight + window.scrollY >= document.body.scrollHeight - 4;
      setCurrent(bottom && window.scrollY > 0 ? "data" : passed.at(-1) || "verdict");
    };
    document.addEventListener("scroll", look, { passive: true });
    return () => document.removeEventListener("scroll", look);
  }, []);
  const list = useRef(null);
  useEffect(() => {
    const link = list.current.querySelector("[aria-current]");
    if (link) list.current.scrollLeft = link.offsetLeft - list.current.clientWidth / 2 + link.clientWidth / 2;
  }, [current]);
  return html`<nav aria-label="Sections"><div class="wrap"><ul ref=${list}>${SECTIONS.map((name) => {
    const id = name.toLowerCase();
    return html`<li><a href="#${id}" aria-current=${id === current ? "true" : undefined}>${name}</a></li>`;
  })}</ul></div></nav>`;
}

function App() {
  const [target, setTarget] = useState(data.chosen.target || "");
  const [genre, setGenre] = useState(data.chosen.genre || "");
  const [theme, setTheme] = useTheme();
  const aim = data.targets.find((one) => one.name === target);
  const style = data.genres.find((one) => one.name === genre);
  const found = score(data, aim, style);
  return html`<a class="skip" href="#verdict">Skip to the verdict</a>
    <${Masthead} target=${target} genre=${genre} theme=${theme} set=${{ target: setTarget, genre: setGenre, theme: setTheme }} />
    <${Navigation} />
    <main class="wrap">
      <${Verdict} target=${aim} genre=${style} found=${found} />
      <${Loudness} target=${aim} /><${Peaks} target=${aim} /><${Tone} genre=${style} /><${Stereo} /><${Reference} />
      <${Data} target=${aim} found=${found} />
    </main>
    <footer class="wrap">Measured by loudscope ${data.version}. Ranges say what is usual, not what is right.</footer>`;
}

render(html`<${App} />`, document.getElementById("page"));
document.documentElement.dataset.ready = "true";
