/**
 * Looking into FHIR that may be anything: an author sealed it, and a reader's gateway never saw it. What has not the form that
 * R4 gives it is passed over, so that one odd element costs itself and nothing else.
 */

export type Fields = Readonly<Record<string, unknown>>;
export type Resource = Fields & { readonly resourceType: string };

export function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The objects in a list; one that stands alone counts as a list of one. */
export function every(value: unknown): readonly Fields[] {
  const found = Array.isArray(value) ? value : [value];
  return found.map(fields).filter((one): one is Fields => one !== null);
}

/** Text with something in it, else null. */
export function text(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const trimmed = value.trim();
  return trimmed === "" ? null : trimmed;
}

/** All texts in a list. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(text).filter((one): one is string => one !== null);
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function resource(value: unknown): Resource | null {
  const found = fields(value);
  return found !== null && text(found.resourceType) !== null ? (found as Resource) : null;
}
