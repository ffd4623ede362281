/** FHIR as it comes out of a record: JSON that an author's gateway had validated, and that this page still does not trust. */

import type { JsonObject } from "../layouts/canonical";

export type FhirResource = JsonObject & { readonly resourceType: string };

export interface FhirEntry {
  readonly fullUrl?: string;
  readonly resource?: FhirResource;
}

/** One record: a document of one visit and one category. */
export interface FhirBundle {
  readonly resourceType: "Bundle";
  readonly type?: string;
  readonly entry?: readonly FhirEntry[];
}
