// Data: every rule and figure, and the same as files, made here without a network.
import { html } from "./preact.js";
import { data } from "./state.js";
import { Section, Table } from "./parts.js";
import { showRule } from "./verdict.js";

const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet would run a name that begins so

export function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function flatten(value, name, rows) {
  if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) flatten(inner, name ? `${name}.${key}` : key, rows);
  } else rows.push([name, value]);
  return rows;
}

function csv() {
  const { name, ...figures } = data.figures;
  return [["figure", "value"], ["name", name], ...flatten(figures, "", [])].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function history() {
  const { step, count, momentary, short_term: short, true_peak: peak } = data.time;
  const tenth = (value) => (value === null ? null : value / 10);
  const rows = [["seconds", "momentary_lufs", "short_term_lufs", ...data.track.channels.map((label) => `true_peak_${label}_dbtp`)]];
  for (let at = 0; at < count; at++) rows.push([(at * step).toFixed(2), tenth(momentary[at]), tenth(short[at]), ...peak.map((line) => tenth(line[at]))]);
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function save(text, type, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${(data.track.name || "loudscope").replace(/\.[^.]*$/, "").replace(/[^\w. -]+/g, "_")}${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function Data({ target, found }) {
  const json = () => JSON.stringify({ track: data.track, verdict: found, check: target?.check ?? null, figures: data.figures, inspection: data.inspection }, null, 2);
  return html`<${Section} id="data" title="Data" about="Nothing leaves this page: it has no network">
    <div class="card"><div class="buttons">
      <button onClick=${() => save(json(), "application/json", ".loudscope.json")}>Download JSON</button>
      <button onClick=${() => save(csv(), "text/csv", ".figures.csv")}>Figures as CSV</button>
      <button onClick=${() => save(history(), "text/csv", ".history.csv")}>History as CSV</button>
      <button onClick=${() => window.print()}>Print</button></div>
      ${target && html`<${Table} caption="${target.check.target.title}: rule by rule" head=${["rule", "measured", "required", "verdict", "source"]} words=${[3, 4]} rows=${target.check.rules.map(showRule)} />`}
      ${data.notes.length > 0 && html`<h3>Notes</h3><ul class="limits">${data.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
    </div>
  </${Section}>`;
}
