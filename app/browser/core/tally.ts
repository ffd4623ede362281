/** Counting keepers' answers until every item of a request is settled (specification K-28). */

import type { Bytes, Hex } from "../layouts/bytes";
import { Problem } from "./api";

/** A keeper that gave a share, and the receipt that it says it wrote first. */
export interface Served {
  readonly keeper: Hex;
  readonly seat: number;
  readonly seq: number;
  /** The receipt's Merkle value. */
  readonly receipt: Hex;
}

/** Why a keeper's answer does not count: it gave none, or one that does not hold, or agreed words of refusal. */
export interface Failure {
  readonly seat: number;
  readonly host: string;
  readonly code: string;
  readonly kind: "silent" | "lying" | "said";
}

export type Outcome =
  | { readonly kind: "opened"; readonly shares: ReadonlyMap<number, Bytes>; readonly served: readonly Served[] }
  | { readonly kind: "withheld" }
  | { readonly kind: "short" };

export interface Asked {
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
}

/** With `n` seats and threshold `t` an item is opened with `t` good shares, and refused once more than `n - t` refused. */
export class Tally {
  private readonly shares: Map<number, Bytes>[];
  private readonly served: Map<number, Served>[];
  private readonly refusals: Set<number>[];
  private readonly failures: Failure[] = [];
  private readonly whole: Failure[] = [];

  constructor(
    items: number,
    private readonly keepers: number,
    private readonly threshold: number,
  ) {
    this.shares = Array.from({ length: items }, () => new Map());
    this.served = Array.from({ length: items }, () => new Map());
    this.refusals = Array.from({ length: items }, () => new Set());
  }

  /** Whether another share of this item changes anything. */
  needs(item: number): boolean {
    return (this.shares[item]?.size ?? 0) < this.threshold;
  }

  opened(item: number, seat: number, share: Bytes): void {
    this.shares[item]?.set(seat, share);
  }

  /** Who said that it released, and wrote a receipt; also of shares that were not needed any more. */
  said(item: number, by: Served): void {
    this.served[item]?.set(by.seat, by);
  }

  /** A seat counts once, however many of its line refuse (K-33). */
  refused(item: number, seat: number): void {
    this.refusals[item]?.add(seat);
  }

  /** A share of one item was bad; the keeper's other items may be good. */
  lied(failure: Failure): void {
    this.failures.push(failure);
  }

  /** A keeper gave no decisions at all. */
  failed(failure: Failure): void {
    this.failures.push(failure);
    this.whole.push(failure);
  }

  get settled(): boolean {
    return this.reachable(0);
  }

  /** Whether so many answers still under way could open what is not settled. */
  reachable(running: number): boolean {
    return this.shares.every((shares, item) => shares.size + running >= this.threshold || this.outOfReach(item));
  }

  /** One outcome an item. Throws Problem where keepers agree what is wrong, or nothing was given. */
  result(): Asked {
    this.throwAgreed();
    const outcomes = this.shares.map((_, item) => this.outcome(item));
    if (outcomes.every(({ kind }) => kind === "withheld")) throw new Problem("no-ground", "", null, null);
    const some = outcomes.some(({ kind }) => kind === "opened");
    if (!some && outcomes.some(({ kind }) => kind === "short")) {
      throw new Problem("keepers-insufficient", "", null, null);
    }
    return { outcomes, failures: this.failures };
  }

  private outcome(item: number): Outcome {
    const shares = this.shares[item] ?? new Map<number, Bytes>();
    if (shares.size >= this.threshold) {
      return { kind: "opened", shares, served: [...(this.served[item]?.values() ?? [])] };
    }
    return { kind: this.outOfReach(item) ? "withheld" : "short" };
  }

  private outOfReach(item: number): boolean {
    return (this.refusals[item]?.size ?? 0) > this.keepers - this.threshold;
  }

  private throwAgreed(): void {
    for (const { code } of this.whole.filter(({ kind }) => kind === "said")) {
      const seats = new Set(this.whole.filter((one) => one.code === code).map(({ seat }) => seat));
      if (seats.size > this.keepers - this.threshold) throw new Problem(code, "", null, null);
    }
  }
}
