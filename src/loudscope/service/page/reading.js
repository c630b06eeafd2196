// A report, read in place: the report's own page in a frame that fills the window.
import { html, useEffect, useRef, useState } from "./report/preact.js";
import { address, ask } from "./server.js";
import { byToken } from "./tracks.js";
import { isFinal, watch } from "./watch.js";
import { STAGES, trouble } from "./words.js";

// The server is asked first whether it still has the report; one that is not made yet is awaited.
function useThere(token) {
  const [there, set] = useState({});
  useEffect(() => {
    let stop = null;
    let here = true;
    const gone = (refusal) => here && set({ refusal });
    set({});
    ask(`result/${token}`).then((status) => {
      if (!here) return;
      set({ status });
      if (!isFinal(status)) stop = watch(token, { told: (next) => set({ status: next }), gone, link() {} });
    }, gone);
    return () => { here = false; stop?.(); };
  }, [token]);
  return there;
}

function Frame({ token, name }) {
  const [loaded, set] = useState(false);
  return html`${!loaded && html`<p class="wrap" role="status">Fetching the report.</p>`}
    <iframe title="Report of ${name}" src=${address(`report/${token}`)} onLoad=${() => set(true)}></iframe>`;
}

function Inside({ token, there: { status, refusal } }) {
  if (status?.stage === "done") return html`<${Frame} token=${token} name=${status.name} />`;
  const reason = refusal ?? (isFinal(status) ? status.reason ?? { code: status.stage } : null);
  if (!reason) return html`<p class="wrap" role="status">${status ? `${STAGES[status.stage]}. The report opens here when it is made.` : "Fetching the report."}</p>`;
  const { title, help, said } = trouble(reason);
  return html`<div class="wrap card" role="alert"><h2>${title}</h2><p>${help}</p>${said && html`<p class="small quiet">The server says: ${said}</p>`}</div>`;
}

export function Reading({ token }) {
  const there = useThere(token);
  const back = useRef(null);
  const name = there.status?.name ?? byToken(token)?.name ?? "Report";
  useEffect(() => back.current.focus(), [token]);
  return html`<div class="reading"><header class="bar">
      <a class="button" href="#/" ref=${back}>← Tracks</a><h1>${name}</h1>
      <a class="button" href=${address(`report/${token}`)} target="_blank" rel="noopener">New tab</a></header>
    <main><${Inside} token=${token} there=${there} /></main></div>`;
}
