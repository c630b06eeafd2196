// The server: its addresses, and its refusals as one kind of error. Addresses are relative, so
// that a proxy may put the service under any path.

const PATIENCE = 10000; // ms for an answer that is not an upload
const KEY = "loudscope-key";

export const address = (path) => new URL(path, document.baseURI).href;
export const socketAddress = (path) => address(path).replace(/^http/, "ws");

// Why something was not done: a code, the server's own words, and seconds until it may be tried.
export class Refusal extends Error {
  constructor(code, detail = "", { status = 0, wait = null } = {}) {
    super(detail || code);
    Object.assign(this, { code, detail, status, wait });
  }
}

// The key lasts as long as this tab.
export function apiKey() {
  try { return sessionStorage.getItem(KEY) || ""; } catch { return ""; }
}

export function setApiKey(key) {
  try { sessionStorage.setItem(KEY, key); } catch { /* without storage it has to be given again */ }
}

const headers = () => (apiKey() ? { "X-API-Key": apiKey() } : {});

export async function ask(path, method = "GET") {
  const signal = AbortSignal.timeout(PATIENCE);
  let answer;
  try {
    answer = await fetch(address(path), { method, signal, headers: headers(), cache: "no-store" });
  } catch {
    throw new Refusal(unreachable());
  }
  const text = await answer.text().catch(() => "");
  if (!answer.ok) throw refusalOf(answer.status, text, answer.headers.get("Retry-After"));
  return text ? JSON.parse(text) : null;
}

const unreachable = () => (navigator.onLine ? "unreachable" : "offline");

function refusalOf(status, text, retryAfter) {
  let problem = {};
  try { problem = JSON.parse(text); } catch { /* a proxy's page: the status has to do */ }
  const wait = /^\d+$/.test(retryAfter || "") ? Number(retryAfter) : null;
  return new Refusal(problem.code || `http_${status}`, problem.detail || problem.title || "", { status, wait });
}

// Sends a form; `told` hears the share that has left. Answers {done: a promise, stop}.
export function send(form, told) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.upload.onload = () => told(1);
    request.onload = () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText));
      else reject(refusalOf(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => brokenOff().then(reject);
    request.onabort = () => reject(new Refusal("stopped"));
    request.open("POST", address("analyze"));
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.send(form);
  });
  return { done, stop: () => request.abort() };
}

// A server that refuses early may close while the browser still sends, and its words are lost:
// then it still answers other questions.
async function brokenOff() {
  try {
    await ask("options");
    return new Refusal("broken_off");
  } catch (refusal) {
    return refusal.status ? new Refusal("broken_off") : refusal;
  }
}
