/** The patient's whole record, read and opened in this browser (design §4, Read). */

import type { Hex } from "../layouts/bytes";
import type { Header } from "../layouts/headers";
import type { Proof } from "../layouts/merkle";
import type { Network } from "./api";
import type { FhirBundle } from "./fhir";
import type { ReadingSession } from "./reading_session";

/** A keeper that gave a share, and the receipt that it wrote first. */
export interface Served {
  readonly keeper: Hex;
  readonly seat: number;
  readonly seq: number;
  /** The receipt's Merkle value. */
  readonly receipt: Hex;
}

export interface OpenRecord {
  readonly header: Header;
  /** `name` is the member's registered name. */
  readonly author: { readonly address: Hex; readonly name: string };
  readonly bundle: FhirBundle;
  /** Under which the record was anchored, where it stands there, and the proof; checked against the chain. */
  readonly root: Hex;
  readonly position: number;
  readonly proof: Proof;
  /** Record id of the document's first version, the same for all its versions. */
  readonly document: Hex;
  /** Whether a later version was found. */
  readonly replaced: boolean;
  readonly served: readonly Served[];
}

/** What is technically not whole; never what is withheld. The words are the view's. */
export interface Incomplete {
  readonly kind:
    | "index-behind"
    | "keepers-insufficient"
    | "content-missing"
    | "content-corrupt"
    | "content-too-large"
    | "directory-unreadable"
    | "entry-missing"
    | "entry-corrupt"
    | "entry-crowded"
    | "ambiguous"
    /** What the gateway gave is not what the chain says. */
    | "gateway-wrong";
  /** The registered name of the member that it concerns. */
  readonly hospital?: string;
  /** How many records. */
  readonly count?: number;
}

/** A keeper that gave what does not hold. */
export interface Lying {
  readonly seat: number;
  readonly host: string;
}

export interface Reading {
  /** In order of date, author, version, id. */
  readonly records: readonly OpenRecord[];
  readonly incomplete: readonly Incomplete[];
  readonly lying: readonly Lying[];
}

export interface ReadOptions {
  /** Only these; no keeper is asked for any other. */
  readonly categories?: readonly string[];
  /** All versions, not the newest of each document alone. */
  readonly history?: boolean;
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
  /** Called with each record as soon as it is open, in no order. */
  readonly found?: (record: OpenRecord) => void;
}

export type Read = (reading: ReadingSession, network: Network, options?: ReadOptions) => Promise<Reading>;
