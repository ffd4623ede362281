/** The patient's whole record, read and opened in this browser: no gateway sees what it holds (design §4, Read; W-26). */

import { unhex, type Bytes, type Hex } from "../layouts/bytes";
import type { JsonObject } from "../layouts/canonical";
import { derive, type CategorySecret } from "../layouts/channels";
import { KeyCommitmentMismatch, LayoutError } from "../layouts/errors";
import type { Header, Sealing } from "../layouts/headers";
import type { Proof } from "../layouts/merkle";
import { combine } from "../layouts/shamir";
import { CATEGORIES } from "../layouts/words";
import { anchored, retracted } from "./anchors";
import { Problem, type Network } from "./api";
import { ask, type Asker, type Lie, type Wanted } from "./asking";
import { chainOf, clockOf } from "./chain";
import { committeesOf } from "./committees";
import { discover, type Found, type Place } from "./discovery";
import { directoriesOf, type Directory } from "./documents";
import type { FhirBundle } from "./fhir";
import { Notes, type Incomplete } from "./incomplete";
import type { Kept } from "./kept";
import { membersOf, type Member } from "./members";
import { lineUp, type Placed } from "./newest";
import type { ReadingSession } from "./reading_session";
import { opened } from "./releasing";
import { spoken } from "./spoken";
import type { Served } from "./tally";

export type { Incomplete } from "./incomplete";
export type { Lie as Lying } from "./asking";
export type { Served } from "./tally";

export interface OpenRecord {
  readonly header: Header;
  /** The sealing that it was opened by: with the header it gives the record digest that is anchored (L-4). */
  readonly sealing: Sealing;
  /** `name` is the member's registered name. */
  readonly author: { readonly address: Hex; readonly name: string };
  readonly bundle: FhirBundle;
  /** Under which the record was anchored, where it stands there, and the proof; checked against the chain. */
  readonly root: Hex;
  readonly position: number;
  readonly proof: Proof;
  /** Seconds since the epoch. */
  readonly anchoredAt: number;
  /** Record id of the document's first version, the same for all its versions. */
  readonly document: Hex;
  /** Whether a later version was found. */
  readonly replaced: boolean;
  readonly served: readonly Served[];
}

export interface Reading {
  /** In order of date, author, version, id. */
  readonly records: readonly OpenRecord[];
  readonly incomplete: readonly Incomplete[];
  readonly lying: readonly Lie[];
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
  /** What was opened before is not opened again, and what is opened now is kept there. */
  readonly kept?: Kept;
}

export const FORMER = "a former member";

/** What is shared by the steps of one reading. */
export interface Run extends Asker {
  readonly notes: Notes;
  readonly lying: Lie[];
  readonly members: ReadonlyMap<Hex, Member>;
  readonly options: ReadOptions;
}

/**
 * Every record of the patient that the session may read. What is not whole is said; what is withheld is absent.
 *
 * Throws Problem: no-ground when keepers release nothing to this actor, keepers-insufficient, gateway-unreachable and what
 * keepers agree on, chain-unreachable, chain-wrong; AbortError.
 */
export const read = (reading: ReadingSession, network: Network, options: ReadOptions = {}): Promise<Reading> =>
  spoken(() => readAll(reading, network, options));

async function readAll(reading: ReadingSession, network: Network, options: ReadOptions): Promise<Reading> {
  const { signal } = options;
  const chain = chainOf(network);
  const [clock, committees, members, directories] = await Promise.all([
    clockOf(chain),
    committeesOf(chain),
    membersOf(chain),
    directoriesOf(chain, reading.patient, signal),
  ]);
  const byAddress = new Map(members.map((one) => [one.address, one]));
  const run: Run = {
    reading, chain, clock, committees, signal, options, members: byAddress, notes: new Notes(), lying: [],
  };
  if (directories.unreadable > 0) run.notes.say({ kind: "directory-unreadable", count: directories.unreadable });
  const places = await placesOf(run, directories.readable);
  const { found } = await discover(places, members, chain, run.notes, signal, options.kept);
  const proven = await anchored(chain, found, run.notes, byAddress);
  const records = await opened(run, await chosen(run, proven.found), proven.at);
  return { records, incomplete: run.notes.all, lying: distinct(run.lying) };
}

const distinct = (lies: readonly Lie[]): readonly Lie[] => [...new Map(lies.map((one) => [`${one.seat} ${one.host}`, one])).values()];

/** The seeds of all directory documents, from keepers; a withheld one leaves no trace. */
async function placesOf(run: Run, directories: readonly Directory[]): Promise<readonly Place[]> {
  const wantedCategories = run.options.categories ?? CATEGORIES;
  const all = directories.flatMap((directory) =>
    wantedCategories.flatMap((category) => (category in directory.document.categories ? [{ directory, category }] : [])),
  );
  const answers = await ask(run, all.map(({ directory, category }) => wantedSeed(directory, category)));
  run.lying.push(...answers.lying);
  const nothing = answers.shares.every((one) => one === null) && answers.incomplete.length === 0;
  if (all.length > 0 && nothing) throw new Problem("no-ground", "", null, null);
  if (answers.incomplete.length > 0) run.notes.say({ kind: "keepers-insufficient" });
  const made = all.map(async ({ directory, category }, at): Promise<Place[]> => {
    const shares = answers.shares[at];
    if (!shares) return [];
    const secret = await secretOf(directory, category, shares);
    if (secret === null) run.notes.say({ kind: "directory-unreadable", count: 1 });
    return secret === null ? [] : [{ directory, category, secret }];
  });
  return (await Promise.all(made)).flat();
}

function wantedSeed({ cid, document }: Directory, category: string): Wanted {
  const keys = document.categories[category];
  const item: JsonObject = { category, documentCid: cid, patient: document.patient, type: "seed" };
  const { committeeVersion, threshold } = document;
  const sealing = { committeeVersion, threshold, shareHashes: keys?.shareHashes ?? [] };
  return { item, sealing, salt: unhex(keys?.seedCommitment ?? "0x", 32), shares: [] };
}

/** Null where the shares that were sealed give no seed that the document commits to: its maker's doing. */
async function secretOf({ document }: Directory, category: string, shares: ReadonlyMap<number, Bytes>): Promise<CategorySecret | null> {
  try {
    const secret = await derive(await combine([...shares.values()].slice(0, document.threshold)));
    const committed = unhex(document.categories[category]?.seedCommitment ?? "0x", 32);
    if (committed.some((byte, at) => byte !== secret.commitment[at])) throw new KeyCommitmentMismatch();
    return secret;
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** The records that are asked for. */
async function chosen(run: Run, found: readonly Found[]): Promise<readonly Placed[]> {
  const { placed, clashes } = lineUp(found, run.committees.length);
  for (const author of clashes) run.notes.say({ kind: "ambiguous", hospital: nameOf(run, author) });
  if (run.options.categories === undefined) run.options.kept?.only(new Set(placed.map((one) => one.found.headerHash)));
  if (run.options.history !== true) return placed.filter(({ replaced }) => !replaced);
  const gone = await retracted(run.chain, placed.map(({ found: { entry } }) => entry.header));
  return placed.filter((_, at) => !gone[at]);
}

export const nameOf = ({ members }: Run, author: Hex): string => members.get(author)?.name ?? FORMER;
