// The readings of a session over time, as the history draws them.

const MOST = 36000; // an hour at ten a second; then the older half is halved
const COLUMNS = ["seconds", "momentary", "short_term", "integrated"];

export const series = { seconds: [], momentary: [], short_term: [], integrated: [], since: 0 };

export function cleared() {
  for (const name of COLUMNS) series[name].length = 0;
}

export function begun() {
  series.since = Date.now();
}

export function note(reading) {
  if (reading.seconds <= (series.seconds.at(-1) ?? -1)) return;
  for (const name of COLUMNS) series[name].push(reading[name]);
  if (series.seconds.length >= MOST) thin();
}

// Of the older half every second reading stays.
function thin() {
  const half = MOST / 2;
  for (const name of COLUMNS) series[name] = series[name].filter((_, at) => at >= half || at % 2 === 0);
}

// The last `span` seconds; all with Infinity.
export function lately(span) {
  const from = (series.seconds.at(-1) ?? 0) - span;
  const first = series.seconds.findIndex((seconds) => seconds >= from);
  return COLUMNS.map((name) => series[name].slice(Math.max(first, 0)));
}
