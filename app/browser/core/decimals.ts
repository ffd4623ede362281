/**
 * JSON whose numbers keep the text that their author wrote: FHIR counts the zeros of `5.40` (R4, decimal), JavaScript's numbers
 * drop them. Where an engine doesn't give a number's source (ECMA-262, JSON.parse source text access), the number alone is known.
 */

type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;
type Replacer = (this: unknown, key: string, value: unknown) => unknown;

// TypeScript's library doesn't know either yet.
const engine = JSON as unknown as {
  readonly parse: (text: string, reviver: Reviver) => unknown;
  readonly rawJSON?: (text: string) => unknown;
};

/** By the object or list that holds the number, then by its key; only where the number by itself would read otherwise. */
const sources = new WeakMap<object, Map<string, string>>();

/** Throws SyntaxError. */
export function parsed(text: string): unknown {
  return engine.parse(text, function (key, value, context) {
    const source = context?.source;
    if (typeof value === "number" && source !== undefined && source !== String(value)) noteSource(this as object, key, source);
    return value;
  });
}

function noteSource(holder: object, key: string, source: string): void {
  const before = sources.get(holder);
  if (before === undefined) sources.set(holder, new Map([[key, source]]));
  else before.set(key, source);
}

/** As it was written, if that is known and differs from what `String` gives. */
export const sourceOf = (holder: object, key: string): string | null => sources.get(holder)?.get(key) ?? null;

/** What is known of one object's numbers holds for its copy. */
export function carrySources<Copy extends object>(from: object, to: Copy): Copy {
  const known = sources.get(from);
  if (known !== undefined) sources.set(to, known);
  return to;
}

/** JSON in which each number stands as it was written. */
export function written(value: unknown): string {
  const raw = engine.rawJSON;
  if (raw === undefined) return JSON.stringify(value, null, 1);
  const replacer: Replacer = function (key, each) {
    const source = typeof each === "number" ? sourceOf(this as object, key) : null;
    return source === null ? each : raw(source);
  };
  return JSON.stringify(value, replacer, 1);
}
