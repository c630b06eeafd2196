// Small parts that every section is made of.
import { html } from "./preact.js";
import { number, DASH } from "./format.js";

const MARKS = {
  good: "M3.5 8.5l3 3 6-7",
  warn: "M8 3.5v5.2M8 12v.6",
  bad: "M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6",
  flat: "M4 8h8",
};

export function Mark({ state }) {
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="8" fill="currentColor" opacity=".16" />
    <path d=${MARKS[state]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}

export function Pill({ state, children }) {
  return html`<span class="pill ${state}"><${Mark} state=${state} />${children}</span>`;
}

export function Section({ id, title, about, children }) {
  return html`<section id=${id} aria-labelledby="${id}-title">
    <header><h2 id="${id}-title" tabindex="-1">${title}</h2>${about && html`<p>${about}</p>`}</header>
    ${children}
  </section>`;
}

export function Choice({ label, value, onChange, options }) {
  return html`<label>${label}<select value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([name, title]) => html`<option value=${name} selected=${name === value}>${title}</option>`)}</select></label>`;
}

// rows: [name, value, unit, remark]
export function Figures({ rows }) {
  return html`<dl class="figures">${rows.map(
    ([name, value, unit, remark]) => html`<div key=${name}>
      <dt>${name}</dt>
      <dd>${value === null || value === undefined ? DASH : value}${value !== null && unit && html` <small>${unit}</small>`}</dd>
      ${remark && html`<dd class="remark">${remark}</dd>`}
    </div>`,
  )}</dl>`;
}

export function Table({ caption, head, rows, words = [] }) {
  const side = (at) => (words.includes(at) ? "words" : null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}><table>
    <caption>${caption}</caption>
    <thead><tr>${head.map((cell, at) => html`<th scope="col" class=${side(at)}>${cell}</th>`)}</tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr>${row.map((cell, at) =>
        at === 0 ? html`<th scope="row">${cell}</th>` : html`<td class=${side(at)}>${cell}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`;
}

export function AsTable(props) {
  return html`<details class="screen"><summary>${props.caption}: as a table</summary><${Table} ...${props} /></details>`;
}

export function Limits({ title, lines }) {
  if (!lines.length) return null;
  return html`<details class="screen"><summary>${title}</summary><ul class="limits">${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}

export const figure = (value, decimals = 1) => (value === null || value === undefined ? null : number(value, decimals));
