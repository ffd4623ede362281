/** Language and colours: the only things that this page keeps in the browser. */

import { changeLanguage, language, LANGUAGES, type Language } from "../core/language";

export type Theme = "light" | "dark";

const LANGUAGE = "consentry-language";
const THEME = "consentry-theme";

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser that keeps nothing for pages: the choice lasts as long as the page
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    return; // as above
  }
}

/** The language chosen before, or else the browser's. */
export function startLanguage(): void {
  const before = LANGUAGES.find((one) => one === kept(LANGUAGE));
  changeLanguage(before ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));
  document.documentElement.lang = language();
}

export function chooseLanguage(to: Language): void {
  changeLanguage(to);
  document.documentElement.lang = to;
  keep(LANGUAGE, to);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen, or null where the page follows the system. */
export function chosenTheme(): Theme | null {
  const before = kept(THEME);
  return before === "light" || before === "dark" ? before : null;
}

export function theme(): Theme {
  const shown = document.documentElement.dataset.theme;
  return shown === "light" || shown === "dark" ? shown : dark.matches ? "dark" : "light";
}

/** Without a choice the system's is followed, also when it changes. */
export function startTheme(): void {
  const before = chosenTheme();
  if (before !== null) document.documentElement.dataset.theme = before;
}

/** Null goes back to the system's. */
export function chooseTheme(to: Theme | null): void {
  if (to === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
  keep(THEME, to ?? "");
}
