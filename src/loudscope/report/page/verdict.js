// Verdict: one sentence, tiles with the worst first, and what to do.
import { html } from "./preact.js";
import { data, visit } from "./state.js";
import { counted } from "./score.js";
import { bounds, clock, hertz, number, plural, signed, typeset, withUnit } from "./format.js";
import { Limits, Mark, Pill, Section } from "./parts.js";

const VERDICTS = { ready: "good", minor_fixes: "warn", needs_work: "bad", not_judged: "flat" };
const SEVERE = { high: "bad", medium: "warn", low: "flat", info: "flat" };
const ORDER = ["bad", "warn", "flat", "good"];
const RULES = { pass: "good", fail: "bad", "not judged": "flat" };
const WEIGHT = { high: "act on this", medium: "look at this", low: "minor", info: "worth knowing" };
const SAID = { good: "fine", warn: "look at this", bad: "act on this", flat: "not judged" };
const FIGURES = {
  integrated: "Integrated", true_peak: "True peak", loudness_range: "Loudness range", short_term_max: "Max short-term",
  momentary_max: "Max momentary", sample_peak: "Sample peak", psr_min: "Least PSR", psr_median: "Median PSR",
  plr: "PLR", rms: "RMS", dr14: "DR14", bass_correlation: "Correlation of the bass", onsets_per_second: "Onsets", attack_ms: "Attack",
};
export const titleOf = (name) => FIGURES[name] || name.replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());

function ruleTile(rule, issues) {
  const asked = bounds(rule.required.low, rule.required.high, rule.unit);
  const issue = issues.find((one) => one.id.startsWith(`target.${rule.figure}`));
  const state = issue && rule.verdict === "fail" ? SEVERE[issue.severity] : RULES[rule.verdict];
  const off = rule.margin !== null && rule.margin < 0 ? `off by ${number(-rule.margin)}; ` : "";
  const note = rule.verdict === "not judged" ? rule.reason || "not judged" : `${off}${rule.binding ? "asked" : "advised"}: ${asked}`;
  return { name: titleOf(rule.figure), value: number(rule.measured, rule.measured !== null && Math.abs(rule.measured) < 2 ? 2 : 1), unit: rule.unit, state, note, said: issue && rule.verdict === "fail" ? WEIGHT[issue.severity] : undefined };
}

function played(target) {
  const gain = target?.check.platform_gain_db;
  return gain === null || gain === undefined ? "no rule asks" : `no rule asks; played back with ${signed(gain)} dB`;
}

function plainTile(name, value, unit, note) {
  return { name: titleOf(name), value: number(value), unit, state: "flat", note, said: value === null ? "not measured" : "measured" };
}

function toneTile(genre) {
  const judged = genre.judgement.bands.filter((band) => band.z !== null);
  if (!judged.length) return { name: "Tone", value: "–", unit: "", state: "flat", note: "no band could be judged" };
  const worst = judged.reduce((most, band) => (Math.abs(band.z) > Math.abs(most.z) ? band : most));
  const odd = judged.filter((band) => band.word !== "typical").length;
  return {
    name: `Tone, ${genre.title}`, value: odd ? String(odd) : "all", unit: odd ? `${odd === 1 ? "band" : "bands"} off` : "typical", state: worst.word === "typical" ? "good" : "warn", said: worst.word,
    note: `${worst.name} ${signed(worst.measured - worst.mean)} dB from the mean${odd > 1 ? ", the furthest" : ""}`,
  };
}

function groupTile(name, issues, prefixes, fine, value, unit) {
  const mine = issues.filter((issue) => prefixes.some((prefix) => issue.id.startsWith(prefix)));
  const state = mine.length ? SEVERE[mine[0].severity] : "good";
  return { name, value, unit, state, note: mine.length ? mine.map(subject).join(", ") : fine, said: mine.length ? WEIGHT[mine[0].severity] : "fine" };
}

const NAMED = { over_0_dbtp: "true peak over 0 dBTP", over_1_dbtp: "true peak over −1 dBTP" };
const subject = (issue) => {
  const name = issue.id.split(".").slice(1).join(" ");
  return NAMED[name] || name.replace(/[_:-]/g, " ");
};
const STEREO = ["dual_mono", "silent", "inverted", "delay", "balance", "mono", "band_out", "out_of_phase", "bass_not", "bass", "phase", "correlation", "stereo", "width"].map((name) => `fault.${name}`);

// One rule for each figure: of several the one that fails, or the one with the least margin.
function worstRules(rules) {
  const worst = new Map();
  const worth = (rule) => (rule.verdict === "fail" ? (rule.binding ? -2e6 : -1e6) : 0) + (rule.margin ?? 1e5);
  for (const rule of rules.filter((one) => one.measured !== null || one.binding)) {
    const before = worst.get(rule.figure);
    if (!before || worth(rule) < worth(before)) worst.set(rule.figure, rule);
  }
  return [...worst.values()];
}

function tilesOf(target, genre, found) {
  const { loudness, peaks, dynamics } = data.figures;
  const rules = target ? worstRules(target.check.rules).map((rule) => ruleTile(rule, found.issues)) : [];
  const named = new Set(rules.map((tile) => tile.name));
  const plain = [
    plainTile("integrated", loudness.integrated, "LUFS", played(target)), plainTile("true_peak", peaks.true_peak, "dBTP", peaks.true_peak_at === null ? "" : `at ${clock(peaks.true_peak_at)}`),
    plainTile("loudness_range", loudness.loudness_range, "LU", "no rule asks"), plainTile("plr", dynamics.plr, "dB", "true peak over integrated"),
  ].filter((tile) => !named.has(tile.name));
  const faults = found.issues.filter((issue) => issue.id.startsWith("fault.") && !STEREO.some((prefix) => issue.id.startsWith(prefix)));
  const stereo = data.inspection.stereo;
  const groups = [groupTile("Faults", faults, ["fault."], "none of the faults looked for", faults.length ? plural(faults.length, "fault").split(" ")[0] : "none", faults.length ? "found" : "found")];
  if (stereo) groups.push(groupTile("Stereo", found.issues, STEREO, `width ${number(stereo.width_score, 0)} of 100`, number(stereo.correlation, 2), "corr."));
  if (genre) groups.push(toneTile(genre));
  return [...rules, ...groups, ...plain].map((tile, at) => [tile, at])
    .sort(([a, i], [b, j]) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || i - j).map(([tile]) => tile);
}

function Tile({ tile }) {
  return html`<li class="tile ${tile.state}"><span class="name">${tile.name}</span>
    <span class="value">${tile.value} <small>${tile.unit}</small></span>
    <span><${Pill} state=${tile.state}>${tile.said || SAID[tile.state]}</${Pill}></span><span class="note">${tile.note}</span></li>`;
}

function Issue({ issue }) {
  const { t0, t1, band_hz: band } = issue.where;
  const place = t0 === null ? "" : t1 === null || t1 - t0 < 0.1 ? clock(t0) : `${clock(t0)} to ${clock(t1)}`;
  return html`<li><span><${Pill} state=${SEVERE[issue.severity]}>${issue.severity}</${Pill}></span>
    <div><p>${typeset(issue.message)}</p><p class="do">${typeset(issue.action.text)}</p>
      <p class="small quiet">Check by ear: ${typeset(issue.check_by_ear)}</p>
      <div class="meta">${place && html`<span>at ${place}</span><button class="go" onClick=${() => jump(t0, t1 ?? t0)} aria-label="Show ${place} in the charts">show</button>`}
        ${band && html`<span>${hertz(band[0])} to ${hertz(band[1])}</span>`}<span>${issue.confidence} confidence</span><span>${issue.expected.source}${issue.expected.n ? `, ${plural(issue.expected.n, "track")}` : ""}</span></div>
    </div></li>`;
}

function jump(start, stop) {
  visit(start, stop);
  document.getElementById("peaks").scrollIntoView();
  document.getElementById("peaks-title").focus({ preventScroll: true });
}

function Gains({ check }) {
  const rows = [
    check.platform_gain_db !== null && ["played back with", signed(check.platform_gain_db), "dB"],
    check.gain_db !== null && ["to reach its loudness", signed(check.gain_db), "dB"],
    check.safe_gain_db !== null && ["safe for peaks", signed(check.safe_gain_db), "dB"],
    check.limiting_db ? ["the rest needs limiting of", number(check.limiting_db), "dB"] : null,
  ].filter(Boolean);
  if (!rows.length) return null;
  return html`<p class="small quiet">${check.target.title}: ${rows.map(([name, value, unit]) => `${name} ${value} ${unit}`).join(" · ")}.</p>`;
}

export function Verdict({ target, genre, found }) {
  const tone = VERDICTS[found.verdict];
  const aim = [target && `for ${target.check.target.title}`, genre && `as ${genre.title}`].filter(Boolean).join(", ");
  const sum = found.issues.length ? `${plural(found.issues.length, "issue")}: ${counted(found.issues)}.` : found.verdict === "not_judged" ? "There is no loudness to judge." : "Nothing stands out.";
  return html`<${Section} id="verdict" title="Verdict" about=${aim}>
    <div class="card verdict ${tone}" role="status"><${Mark} state=${tone} /><h3>${found.title}</h3>
      <div><p>${sum} ${target && `${target.check.target.title}: ${target.check.verdict === "pass" ? "passes" : target.check.verdict === "fail" ? "fails" : "not judged"}.`}</p>${target && html`<${Gains} check=${target.check} />`}</div></div>
    <ul class="tiles">${tilesOf(target, genre, found).map((tile) => html`<${Tile} tile=${tile} key=${tile.name} />`)}</ul>
    <div class="card long">
      <div class="head"><h3>What to do</h3><span class="small quiet">worst first; one move at a time</span></div>
      ${found.issues.length ? html`<ol class="issues">${found.issues.map((issue) => html`<${Issue} issue=${issue} key=${issue.id} />`)}</ol>` : html`<p>Nothing.</p>`}
      ${found.strengths.length > 0 && html`<h3>What is as expected</h3><ul class="strengths">${found.strengths.map((line) => html`<li>${line}</li>`)}</ul>`}
      <${Limits} title="What these judgements cannot know" lines=${[...found.warnings, ...(target ? target.check.notes : []), ...found.limits]} />
    </div>
  </${Section}>`;
}

export const showRule = (rule) => [titleOf(rule.figure), withUnit(rule.measured, rule.unit, 2), bounds(rule.required.low, rule.required.high, rule.unit) || "–", rule.verdict, `${rule.source}${rule.date ? `, ${rule.date}` : ""}`];
