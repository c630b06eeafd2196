// The pages of a report that is not there: they need the chosen colours, and the reader's own time.
import { html, render } from "./report/preact.js";
import { useTheme } from "./report/theme.js";

function Painted() {
  useTheme();
  return null;
}

for (const time of document.querySelectorAll("time")) {
  const when = new Date(time.dateTime);
  if (!Number.isNaN(when.getTime())) time.textContent = when.toLocaleString([], { dateStyle: "long", timeStyle: "short" });
}

render(html`<${Painted} />`, document.getElementById("colours"));
