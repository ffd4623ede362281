/** What one sign-in has opened, in memory alone: looking for new records opens what is new, and no keeper is asked twice (W-104). */

import type { Hex } from "../layouts/bytes";
import type { Held, Row } from "./content";
import type { Found } from "./discovery";
import type { OpenRecord } from "./reading";

/** A phone holds no more entries than these; the others are opened again. */
const MOST_ENTRIES = 10_000;

interface Opened {
  readonly record: OpenRecord;
  /** Bytes of its content. */
  readonly size: number;
}

export class Kept implements Held {
  private readonly entries = new Map<string, Found>();
  /** Ids of entries, by author and tag. */
  private readonly filed = new Map<string, Set<string>>();
  /** By the hash of their headers, which names one version of one document. */
  private readonly records = new Map<Hex, Opened>();
  private over = false;

  /** Bytes of all that is kept. */
  get size(): number {
    return [...this.records.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** What the row was found to be before, if the gateway says the same of it in every field. */
  entry(row: Row): Found | null {
    return this.entries.get(nameOf(row)) ?? null;
  }

  has(row: Row): boolean {
    return this.entry(row) !== null;
  }

  ids(author: Hex, tag: Hex): readonly string[] {
    return [...(this.filed.get(author + tag) ?? [])];
  }

  keepEntry(row: Row, found: Found): void {
    if (this.over || this.entries.size >= MOST_ENTRIES) return;
    this.entries.set(nameOf(row), found);
    const under = row.author + row.tag;
    this.filed.set(under, (this.filed.get(under) ?? new Set()).add(row.cid));
  }

  record(headerHash: Hex): OpenRecord | null {
    return this.records.get(headerHash)?.record ?? null;
  }

  keepRecord(headerHash: Hex, record: OpenRecord, size: number): void {
    if (!this.over) this.records.set(headerHash, { record, size });
  }

  drop(headerHash: Hex): void {
    this.records.delete(headerHash);
  }

  /** Forgets every record but these. */
  only(headerHashes: ReadonlySet<Hex>): void {
    for (const one of this.records.keys()) if (!headerHashes.has(one)) this.records.delete(one);
  }

  /** For good: what is still being opened then is not kept either. */
  end(): void {
    this.over = true;
    this.entries.clear();
    this.filed.clear();
    this.records.clear();
  }
}

const nameOf = ({ author, tag, cid, digest, root, position }: Row): string => [author, tag, cid, digest, root, position].join(" ");
