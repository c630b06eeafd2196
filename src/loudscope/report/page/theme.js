// Colours: as the system has them until a reader chooses; paper is always white.
import { useEffect, useState } from "./preact.js";

export const THEMES = { auto: "As the system", light: "Light", dark: "Dark" };
const STORED = "loudscope-theme";
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

export function useTheme() {
  const [theme, setTheme] = useState(remembered());
  useEffect(() => {
    const paint = (printing) => {
      const dark = !printing && (theme === "dark" || (theme === "auto" && systemDark.matches));
      document.documentElement.dataset.theme = dark ? "dark" : "light";
    };
    const [now, before] = [() => paint(false), () => paint(true)];
    const elsewhere = (event) => event.key === STORED && setTheme(remembered());
    now();
    systemDark.addEventListener("change", now);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", now);
    window.addEventListener("storage", elsewhere); // another page of the same place chose
    return () => {
      systemDark.removeEventListener("change", now);
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", now);
      window.removeEventListener("storage", elsewhere);
    };
  }, [theme]);
  return [theme, (chosen) => { setTheme(chosen); remember(chosen); }];
}

function remembered() {
  try {
    const found = localStorage.getItem(STORED);
    return found in THEMES ? found : "auto";
  } catch { return "auto"; } // a page from a disk may have no storage
}

function remember(theme) {
  try { localStorage.setItem(STORED, theme); } catch { /* it holds for this page, then */ }
}
