// Puts groups of issues together as loudscope.feedback.combine does, for any target and genre.

const SEVERITIES = ["info", "low", "medium", "high"];
const CONFIDENCES = ["low", "medium", "high"];
const GROUPS = ["fault", "target", "genre", "reference"];
const CUTS_FIRST = "Cut first and measure again; if it still lies low,";
const TARGET_PEAK = "target.true_peak";
const NAMES = { ready: "Ready", minor_fixes: "Minor fixes", needs_work: "Needs work", not_judged: "Not judged" };

const rank = (issue) => SEVERITIES.indexOf(issue.severity);
const groupOf = (issue) => issue.id.split(".")[0];
const boosts = (issue) => issue.action.type === "eq" && issue.action.gain_db > 0;

export function placed(issue) {
  const group = GROUPS.indexOf(groupOf(issue));
  return [
    -rank(issue),
    group < 0 ? GROUPS.length : group,
    boosts(issue) ? 1 : 0,
    -CONFIDENCES.indexOf(issue.confidence),
  ];
}

export function inOrder(issues) {
  const first = new Map();
  for (const issue of issues) if (!first.has(issue.id)) first.set(issue.id, issue);
  const keyed = [...first.values()].map((issue) => [placed(issue), issue]);
  keyed.sort(([a], [b]) => a.map((part, at) => part - b[at]).find((difference) => difference) || 0);
  return keyed.map(([, issue]) => issue);
}

// Where a target limits the true peak, its ceiling counts and no general one beside it.
function oneCeiling(issues) {
  if (!issues.some((issue) => issue.id === TARGET_PEAK)) return issues;
  const action = { type: "none", text: `Nothing beside the move of ${TARGET_PEAK}: one ceiling.` };
  return issues
    .filter((issue) => issue.id !== "fault.over_1_dbtp")
    .map((issue) => (issue.id === "fault.over_0_dbtp" ? { ...issue, action } : issue));
}

function oneMoveABand(issues) {
  const moved = new Map();
  const cuts = issues.some(({ action }) => action.type === "eq" && action.gain_db < 0);
  return issues.map((issue) => {
    const { action, where } = issue;
    if (action.type !== "eq" || !where.band_hz || !action.gain_db) return issue;
    const band = where.band_hz[0];
    if (moved.has(band)) {
      const text = `Nothing beside the move of ${moved.get(band)}: one move for each band.`;
      return { ...issue, action: { type: "none", text } };
    }
    moved.set(band, issue.id);
    if (!cuts || action.gain_db < 0 || action.text.startsWith(CUTS_FIRST)) return issue;
    const text = `${CUTS_FIRST} ${action.text.slice(0, 1).toLowerCase()}${action.text.slice(1)}`;
    return { ...issue, action: { ...action, text } };
  });
}

export function verdictOf(issues) {
  let worst = 0;
  for (const issue of issues) {
    const most = ["genre", "reference"].includes(groupOf(issue)) ? 2 : 3;
    worst = Math.max(worst, Math.min(rank(issue), most));
  }
  return worst === 3 ? "needs_work" : worst === 2 ? "minor_fixes" : "ready";
}

// data: what the page carries; returns what loudscope.feedback.feedback would.
export function score(data, target, genre) {
  const groups = [data.common, target, genre, data.reference].filter(Boolean);
  const gather = (name) => [...new Set(groups.flatMap((group) => group[name] || []))];
  const issues = oneMoveABand(oneCeiling(inOrder(groups.flatMap((group) => group.issues))));
  const judged = data.judged || issues.length > 0;
  const verdict = judged ? verdictOf(issues) : "not_judged";
  return {
    verdict,
    title: NAMES[verdict],
    issues,
    strengths: gather("strengths"),
    warnings: gather("warnings"),
    limits: gather("limits"),
  };
}

export function counted(issues) {
  return [...SEVERITIES]
    .reverse()
    .map((severity) => [issues.filter((issue) => issue.severity === severity).length, severity])
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(", ");
}
