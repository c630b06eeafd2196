// uPlot, fetched when a chart is first drawn: vendor/uPlot.iife.min.js, a classic script.

let fetched = null;

export function uPlot() {
  fetched ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("./vendor/uPlot.iife.min.js", import.meta.url);
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => { fetched = null; reject(new Error("uPlot could not be fetched")); };
    document.head.append(styleSheet(), script);
  });
  return fetched;
}

function styleSheet() {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: new URL("./vendor/uPlot.min.css", import.meta.url) });
  return link;
}
