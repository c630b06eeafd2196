// The one place that knows where Preact comes from: vendor/htm-preact.js, a classic script.
const preact = window.htmPreact;

export const html = preact.html;
export const render = preact.render;
export const useState = preact.useState;
export const useEffect = preact.useEffect;
export const useRef = preact.useRef;
export const useLayoutEffect = preact.useLayoutEffect;
