/** What isolates, overrides or embeds a direction, and marks of it: a name that holds one ends the isolation early. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name that somebody chose, within a sentence: whichever way it is written, it does not turn the words around it. */
export const isolated = (name: string): string => `\u2068${name.replace(BIDI, "")}\u2069`;
