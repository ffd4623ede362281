/** Finding the patient's records by tags that nobody else can make (design D4; specification D-1 … D-3). */

import { hex, type Bytes, type Hex } from "../layouts/bytes";
import { channel, tag, type CategorySecret } from "../layouts/channels";
import type { Entry } from "../layouts/entries";
import { LayoutError } from "../layouts/errors";
import { channelInfo } from "../layouts/infos";
import { Problem } from "./api";
import { someAtOnce } from "./asking";
import type { Chain } from "./chain";
import { lookUp, MOST_TAGS, type Looked, type Row } from "./content";
import type { Directory } from "./documents";
import type { Notes } from "./incomplete";
import type { Kept } from "./kept";
import type { Member } from "./members";
import { entryOf } from "./workshop";

/** How many unused positions, and unused lineages, in a row a reader looks past; and where it looks for a later lineage. */
const TAG_GAP = 16;
const LINEAGE_GAP = 8;
const LINEAGE_START = 2;
/** A channel with many entries is looked at in longer and longer steps, up to so many positions. */
const MOST_POSITIONS = 256;
const STEP = 4;
/** More rows than this are nobody's record: a gateway makes them up. */
const MOST_ROWS = 100_000;
/** Questions under way together. */
const AT_ONCE = 3;

/** An entry that opened and is what its author anchored under `row.root`, if that is anchored. */
export interface Found {
  readonly entry: Entry;
  readonly row: Row;
  readonly headerHash: Hex;
}

/** One category of one directory document, with its seed's keys. */
export interface Place {
  readonly directory: Directory;
  readonly category: string;
  readonly secret: CategorySecret;
}

/** A position after which nothing may follow: where one lineage of one channel is looked at next. */
interface Frontier {
  readonly place: Place;
  readonly member: Member;
  readonly channel: Bytes;
  readonly lineage: number;
  readonly from: number;
  readonly count: number;
}

export interface Discovery {
  readonly found: readonly Found[];
  /** Whoever filed anything in a channel that was read. */
  readonly authors: ReadonlySet<Hex>;
}

async function channelsOf(place: Place, member: Member): Promise<Bytes[]> {
  const { document } = place.directory;
  const made = member.directoryKeys.map(async (authorKey) => {
    const channelKey = document.categories[place.category]?.channelKey as Bytes;
    const { chainId, patient, version: documentVersion } = document;
    const info = { chainId, patient, category: place.category, documentVersion, author: member.address, authorKey, channelKey };
    try {
      return [await channel(place.secret.channelPrivate, authorKey, channelInfo(info))];
    } catch (error) {
      // No channel exists under this key, so nobody can have filed anything in it (L-13).
      if (error instanceof LayoutError) return [];
      throw error;
    }
  });
  return (await Promise.all(made)).flat();
}

const lineages = (of: Omit<Frontier, "lineage" | "from" | "count">, first: number): Frontier[] =>
  Array.from({ length: LINEAGE_GAP }, (_, at) => {
    const lineage = first + at;
    return { ...of, lineage, from: 0, count: lineage === 0 ? TAG_GAP : LINEAGE_START };
  });

/** Every entry that any author ever filed under the seeds held; what cannot be looked at goes to `notes`. */
export async function discover(
  places: readonly Place[],
  members: readonly Member[],
  chain: Chain,
  notes: Notes,
  signal?: AbortSignal,
  kept?: Kept,
): Promise<Discovery> {
  const authors = new Set<Hex>();
  const gaps: Looked[] = [];
  const channels = (
    await Promise.all(
      places.flatMap((place) =>
        members.map(async (member) => (await channelsOf(place, member)).map((one) => ({ place, member, channel: one }))),
      ),
    )
  ).flat();
  // What was found is opened while the next is looked up.
  const opening: Promise<Found[]>[] = [];
  let seen = 0;
  let frontiers = channels.flatMap((one) => lineages(one, 0));
  while (frontiers.length > 0) {
    const tagged = await Promise.all(
      frontiers.map(async (one) => {
        const positions = Array.from({ length: one.count }, (_, at) => one.from + at);
        return { one, tags: await Promise.all(positions.map(async (j) => hex(await tag(one.channel, one.lineage, j)))) };
      }),
    );
    const looked = await someAtOnce(questions(tagged), AT_ONCE, (lookUps) => lookUp(lookUps, signal, kept));
    gaps.push(...looked);
    seen += looked.reduce((sum, answer) => sum + answer.rows.length, 0);
    if (seen > MOST_ROWS) throw new Problem("gateway-wrong", "", null, null);
    const rows = new Map<string, Row[]>();
    for (const row of looked.flatMap((answer) => answer.rows)) {
      const key = row.author + row.tag;
      rows.set(key, [...(rows.get(key) ?? []), row]);
    }
    const next: Frontier[] = [];
    const groups = new Map<string, boolean>();
    for (const { one, tags } of tagged) {
      const filed = withoutGap(tags.flatMap((name, at) => (rows.has(one.member.address + name) ? [at] : [])));
      const last = filed.at(-1);
      const group = `${hex(one.channel)} ${Math.floor(one.lineage / LINEAGE_GAP)}`;
      if (one.from === 0) groups.set(group, (groups.get(group) ?? false) || last !== undefined);
      if (last === undefined) continue;
      authors.add(one.member.address);
      const count = 2 * filed.length > one.count ? Math.min(STEP * one.count, MOST_POSITIONS) : TAG_GAP;
      next.push({ ...one, from: one.from + last + 1, count: Math.max(count, TAG_GAP) });
      const these = filed.flatMap((at) => rows.get(one.member.address + (tags[at] as Hex)) ?? []);
      const begun = opened(these, one, chain, notes, kept);
      begun.catch(() => undefined); // it is waited for below; if the next question fails, that is told instead
      opening.push(begun);
    }
    for (const { one } of tagged) {
      const group = `${hex(one.channel)} ${Math.floor(one.lineage / LINEAGE_GAP)}`;
      const { place, member, channel: of } = one;
      // The list of lineages goes on as long as one of them is used.
      if (groups.get(group)) next.push(...lineages({ place, member, channel: of }, one.lineage + LINEAGE_GAP));
      groups.delete(group);
    }
    frontiers = next;
  }
  const found = (await Promise.all(opening)).flat();
  noteGaps(gaps, members, authors, notes);
  noteErased(gaps, members, notes);
  return { found, authors };
}

/** A reader looks past so many unused positions and no more. */
function withoutGap(filed: readonly number[]): readonly number[] {
  const end = filed.findIndex((at, place) => at - (filed[place - 1] ?? -1) > TAG_GAP);
  return end === -1 ? filed : filed.slice(0, end);
}

interface Tagged {
  readonly one: Frontier;
  readonly tags: readonly Hex[];
}

/** Look-ups of all channels together, in as few questions as hold them. */
function questions(tagged: readonly Tagged[]): { author: Hex; tags: Hex[] }[][] {
  const made: { author: Hex; tags: Hex[] }[][] = [];
  let left = 0;
  for (const { one, tags } of tagged) {
    if (left < tags.length) {
      made.push([]);
      left = MOST_TAGS;
    }
    const question = made.at(-1) as { author: Hex; tags: Hex[] }[];
    const same = question.find(({ author }) => author === one.member.address);
    if (same === undefined) question.push({ author: one.member.address, tags: [...tags] });
    else same.tags.push(...tags);
    left -= tags.length;
  }
  return made;
}

async function opened(
  rows: readonly Row[], { place, member }: Frontier, chain: Chain, notes: Notes, kept?: Kept,
): Promise<Found[]> {
  const { entryPrivate } = place.secret;
  const wanted = { chainId: chain.chainId, patient: place.directory.document.patient, category: place.category, entryPrivate };
  const each = rows.filter(({ state }) => state !== "erased").map(async (row): Promise<Found[]> => {
    const { sealed, proof } = row;
    const before = kept?.entry(row);
    if (before) return [before];
    const checked = sealed === null || proof === null ? "entry-missing" : await entryOf({ ...row, sealed, proof }, wanted);
    // What was sealed is not needed any more, and a record of 500 has eight megabytes of it.
    if (typeof checked === "object") {
      const found = { ...checked, row: { ...row, sealed: null } };
      kept?.keepEntry(row, found);
      return [found];
    }
    notes.say({ kind: checked, hospital: member.name });
    return [];
  });
  return (await Promise.all(each)).flat();
}

/** Nobody can tell an erased entry from one that a gateway would rather not give: how many there are is said. */
function noteErased(looked: readonly Looked[], members: readonly Member[], notes: Notes): void {
  for (const { address, name } of members) {
    const rows = looked.flatMap((one) => one.rows.filter(({ author, state }) => author === address && state === "erased"));
    if (rows.length > 0) notes.say({ kind: "entry-erased", hospital: name, count: new Set(rows.map(({ digest }) => digest)).size });
  }
}

/** What the index may lack. What nobody has had for long concerns those only whose author files in these channels (D-6). */
function noteGaps(looked: readonly Looked[], members: readonly Member[], authors: ReadonlySet<Hex>, notes: Notes): void {
  if (looked.some(({ behind }) => behind)) notes.say({ kind: "index-behind" });
  for (const { address, name, active } of members) {
    const lacking = looked.some((one) => one.missingOf.has(address) || (one.abandonedOf.has(address) && authors.has(address)));
    if (lacking && active) notes.say({ kind: "index-behind", hospital: name });
    if (looked.some(({ crowded }) => crowded.has(address))) notes.say({ kind: "entry-crowded", hospital: name });
  }
}
