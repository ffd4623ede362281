/** Counting an account: accesses from distinct seats, and who is silent about what others noted (specification A-6 … A-8). */

import type { Hex } from "../layouts/bytes";
import type { Receipt } from "../layouts/receipts";
import { seatsOf, type Committee } from "./committees";
import type { Shown } from "./receipt_checks";

/** One request, as its first keeper told it. */
export interface Noted {
  readonly first: Receipt;
  readonly receipts: Shown[];
  at: string;
  version: number;
  /** Keepers that noted it, whatever they decided. */
  readonly by: Set<Hex>;
}

export interface Silence {
  readonly requests: number;
  readonly others: number;
  readonly since: string | null;
}

/** What the actor signed is one thing, whoever tells it. */
const story = (of: Receipt): string =>
  JSON.stringify([
    of.actor, of.member, of.practitioner, of.purpose, of.ground, of.consentId, of.openingId, of.mandateId,
    of.episode,
  ]);

const itemOf = ({ item }: Receipt): string => (item.type === "record" ? item.recordId : item.documentCid);

export class AccountTally {
  readonly requests = new Map<Hex, Noted>();
  /** Seats that released one item to one actor, over all requests. */
  private readonly released = new Map<string, Set<number>>();
  private readonly newest = new Map<Hex, string>();
  private readonly seats = new Map<number, ReadonlyMap<Hex, number>>();

  constructor(private readonly committees: readonly Committee[]) {}

  seatOf({ keeper, committeeVersion }: Receipt): number {
    return this.seatsIn(committeeVersion).get(keeper) ?? -1;
  }

  threshold(version: number): number {
    return this.committees.find((one) => one.version === version)?.threshold ?? Number.POSITIVE_INFINITY;
  }

  /** Null; or who told the same request otherwise before: then it is not counted. */
  add(shown: Shown): Hex | null {
    const { receipt } = shown;
    const known = this.requests.get(receipt.requestDigest);
    if (known !== undefined && story(known.first) !== story(receipt)) return known.first.keeper;
    const noted = known ?? { first: receipt, receipts: [], at: receipt.time, version: 0, by: new Set<Hex>() };
    this.requests.set(receipt.requestDigest, noted);
    noted.receipts.push(shown);
    noted.by.add(receipt.keeper);
    noted.version = Math.max(noted.version, receipt.committeeVersion);
    if (receipt.time < noted.at) noted.at = receipt.time;
    const newest = this.newest.get(receipt.keeper);
    if (newest === undefined || receipt.time > newest) this.newest.set(receipt.keeper, receipt.time);
    if (receipt.decision === "released") {
      const seats = this.released.get(groupOf(receipt)) ?? new Set<number>();
      this.released.set(groupOf(receipt), seats.add(this.seatOf(receipt)));
    }
    return null;
  }

  /** What came of one item for its actor: shares add up over all requests. */
  kindOf(receipt: Receipt): "access" | "possible" | "refused" {
    if (receipt.decision === "refused") return "refused";
    const seats = this.released.get(groupOf(receipt))?.size ?? 0;
    return seats >= this.threshold(receipt.committeeVersion) ? "access" : "possible";
  }

  /** What enough other seats noted and this keeper's did not, of requests to committees in which it has one. */
  silence(keeper: Hex): Silence | null {
    const newest = this.newest.get(keeper);
    const missed = [...this.requests.values()].flatMap(({ at, by, version }) => {
      const seats = this.seatsIn(version);
      const own = seats.get(keeper);
      const noted = new Set([...by].flatMap((one) => seats.get(one) ?? []));
      const lacks = own !== undefined && !noted.has(own) && noted.size >= this.threshold(version);
      return lacks ? [{ at, others: noted.size }] : [];
    });
    if (missed.length === 0) return null;
    const later = missed.filter(({ at }) => newest === undefined || at > newest);
    const these = later.length > 0 ? later : missed;
    const others = Math.min(...these.map((one) => one.others));
    return { requests: these.length, others, since: later.length > 0 ? (newest ?? null) : null };
  }

  private seatsIn(version: number): ReadonlyMap<Hex, number> {
    const known = this.seats.get(version) ?? seatsOf(version, this.committees);
    this.seats.set(version, known);
    return known;
  }
}

const groupOf = (of: Receipt): string => [of.actor, itemOf(of), of.category, of.committeeVersion].join(" ");
