/** Asking for records by their newest sealing, and again by older ones where too few answered; then opening them (K-36). */

import { hex, unhex, type Bytes } from "../layouts/bytes";
import type { JsonObject } from "../layouts/canonical";
import { anchorKey, retracted } from "./anchors";
import { Problem } from "./api";
import { ask, someAtOnce, type Wanted } from "./asking";
import { blob, someBlobs } from "./content";
import type { Found } from "./discovery";
import type { Placed } from "./newest";
import { MOST_BYTES, openRecord, type Room } from "./opening";
import { nameOf, type OpenRecord, type Run } from "./reading";
import type { Served } from "./tally";

/** Records asked for together, and how many such lots are under way. The newest come first, and a few of them by themselves: they
 * are looked at first. */
const FIRST_LOT = 20;
const LOT = 50;
const LOTS_AT_ONCE = 3;
/** Contents fetched together within a lot: a gateway answers some at a time. */
const FETCHED_AT_ONCE = 2;

interface Released {
  readonly placed: Placed;
  /** The sealing that was opened. */
  readonly found: Found;
  readonly shares: ReadonlyMap<number, Bytes>;
  readonly served: readonly Served[];
}

function wanted({ entry, row }: Found): Wanted {
  const { index, count, siblings } = row.proof ?? { index: 0, count: 0, siblings: [] };
  const item = {
    header: entry.header,
    proof: { count, index, siblings: siblings.map(hex) },
    root: row.root,
    sealing: entry.sealing,
    type: "record",
  } as unknown as JsonObject;
  return { item, sealing: entry.sealing, salt: unhex(entry.header.recordId, 32), shares: entry.shares };
}

/** What keepers gave, and how many records too few answered for, whatever their sealing. */
async function released(run: Run, lot: readonly Placed[]): Promise<{ given: Released[]; short: number }> {
  const given: Released[] = [];
  let short = 0;
  let left = lot.map((placed) => ({ placed, found: placed.found, older: placed.older }));
  while (left.length > 0) {
    const asked = left;
    const answers = await ask(run, asked.map(({ found }) => wanted(found))).catch((error: unknown) => {
      if (error instanceof Problem && error.code === "keepers-insufficient") return null;
      throw error;
    });
    run.lying.push(...(answers?.lying ?? []));
    asked.forEach(({ placed, found }, at) => {
      const shares = answers?.shares[at];
      if (shares) given.push({ placed, found, shares, served: answers?.served[at] ?? [] });
    });
    const lacking = answers === null ? asked : answers.incomplete.map((at) => asked[at] as (typeof asked)[number]);
    left = lacking.flatMap(({ placed, older: [next, ...rest] }) => (next ? [{ placed, found: next, older: rest }] : []));
    short += lacking.length - left.length;
  }
  return { given, short };
}

/** In the order of `chosen`. Throws Problem when nothing could be settled. */
export async function opened(
  run: Run,
  chosen: readonly Placed[],
  anchoredAt: ReadonlyMap<string, number>,
): Promise<readonly OpenRecord[]> {
  const { progress, found: tell } = run.options;
  const records = await known(run, chosen);
  const newestFirst = chosen.filter((one) => !records.has(one)).reverse();
  const [first, later] = [newestFirst.slice(0, FIRST_LOT), newestFirst.slice(FIRST_LOT)];
  const lots = Array.from({ length: Math.ceil(later.length / LOT) }, (_, at) => later.slice(at * LOT, (at + 1) * LOT));
  const room: Room = { left: MOST_BYTES - (run.options.kept?.size ?? 0) };
  let [done, short] = [chosen.length - newestFirst.length, 0];
  const settle = (count: number): void => progress?.((done += count), chosen.length);
  progress?.(done, chosen.length);
  const openLot = async (lot: readonly Placed[]): Promise<void> => {
    if (lot.length === 0) return;
    const [answer, contents] = await Promise.all([released(run, lot), contentsOf(lot, run.signal)]);
    short += answer.short;
    settle(lot.length - answer.given.length);
    await someAtOnce(answer.given, FETCHED_AT_ONCE, async (one) => {
      const record = await opening(run, one, contents, anchoredAt, room);
      if (record !== null) {
        records.set(one.placed, record);
        tell?.(record);
      }
      settle(1);
    });
  };
  await openLot(first);
  await someAtOnce(lots, LOTS_AT_ONCE, openLot);
  if (short > 0 && short === newestFirst.length && records.size === 0) throw new Problem("keepers-insufficient", "", null, null);
  if (short > 0) run.notes.say({ kind: "keepers-insufficient", count: short });
  return chosen.flatMap((placed) => records.get(placed) ?? []);
}

/** Those that this sign-in opened before, if their authors have not taken them back since. */
async function known({ options, chain }: Run, chosen: readonly Placed[]): Promise<Map<Placed, OpenRecord>> {
  const { kept, found: tell } = options;
  const before = chosen.flatMap((placed) => {
    const record = kept?.record(placed.found.headerHash);
    return record ? [{ placed, record }] : [];
  });
  const gone = await retracted(chain, before.map(({ record }) => record.header));
  const records = new Map<Placed, OpenRecord>();
  before.forEach(({ placed, record }, at) => {
    if (gone[at]) return kept?.drop(placed.found.headerHash);
    const { document, replaced } = placed;
    const again = { ...record, document, replaced };
    records.set(placed, again);
    tell?.(again);
  });
  return records;
}

/** What a lot's records hold, as far as it is small; no keeper needs to have answered for that. */
function contentsOf(lot: readonly Placed[], signal?: AbortSignal): Promise<ReadonlyMap<string, Bytes>> {
  return someBlobs([...new Set(lot.map(({ found }) => found.entry.header.cid))], signal);
}

async function opening(
  run: Run,
  { placed, found, shares, served }: Released,
  contents: ReadonlyMap<string, Bytes>,
  anchoredAt: ReadonlyMap<string, number>,
  room: Room,
): Promise<OpenRecord | null> {
  const { entry, row } = found;
  const { header } = entry;
  const name = nameOf(run, header.author);
  let size = 0;
  const bundle = await openRecord(entry, shares, room, async (most) => {
    const here = contents.get(header.cid);
    const content = here !== undefined && here.length <= most ? here : await blob(header.cid, most, run.signal);
    size = content.length;
    return content;
  });
  if (typeof bundle === "string" || row.proof === null) {
    run.notes.say({ kind: typeof bundle === "string" ? bundle : "entry-corrupt", hospital: name });
    return null;
  }
  const record: OpenRecord = {
    header,
    sealing: entry.sealing,
    author: { address: header.author, name },
    bundle,
    root: row.root,
    position: row.position,
    proof: row.proof,
    anchoredAt: anchoredAt.get(anchorKey(row.author, row.root)) ?? 0,
    document: placed.document,
    replaced: placed.replaced,
    served,
  };
  run.options.kept?.keepRecord(placed.found.headerHash, record, size);
  return record;
}
