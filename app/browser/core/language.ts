/** The page's language, and texts that exist in each of them. No DOM here: core and workers use it too. */

export type Language = "en" | "zh";
export const LANGUAGES: readonly Language[] = ["en", "zh"];

let current: Language = "en";

export const language = (): Language => current;

/** Texts ask for the language each time they are read: whoever changes it draws anew. */
export function changeLanguage(to: Language): void {
  current = to;
}

/** Both texts of one area; the result gives the one in the page's language, now. */
export const inBoth =
  <Words>(en: Words, zh: Words): (() => Words) =>
  () =>
    ({ en, zh })[current];
