// The page of a report that is not there: it needs the chosen colours, and nothing else.
import { html, render } from "./report/preact.js";
import { useTheme } from "./report/theme.js";

function Painted() {
  useTheme();
  return null;
}

render(html`<${Painted} />`, document.getElementById("colours"));
