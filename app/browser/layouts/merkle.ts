/** Merkle trees in index order, odd node promoted (L-5). */

import { equal, unhex, type Bytes } from "./bytes";
import { exactly, type Json } from "./canonical";
import { LayoutInvalid } from "./errors";
import { digest, integer, list } from "./fields";
import { keccak } from "./hashes";

export interface Proof {
  readonly index: number;
  readonly count: number;
  readonly siblings: readonly Bytes[];
}

const MAX_COUNT = 2 ** 32 - 1;
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

const leaf = (value: Uint8Array): Bytes => keccak(LEAF, value);
const node = (left: Uint8Array, right: Uint8Array): Bytes => keccak(NODE, left, right);

/** The proof of its JSON form. Throws LayoutInvalid. */
export function parseProof(value: Json | undefined): Proof {
  const from = exactly(value, ["count", "index", "siblings"]);
  const count = integer(from.count, "proof.count", 1, MAX_COUNT);
  return {
    count,
    index: integer(from.index, "proof.index", 0, count - 1),
    siblings: list(from.siblings, "proof.siblings", 0, 32).map((one) => unhex(digest(one, "proof.siblings"))),
  };
}

function above(level: readonly Bytes[]): Bytes[] {
  const next: Bytes[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const left = level[at] as Bytes;
    const right = level[at + 1];
    next.push(right === undefined ? left : node(left, right));
  }
  return next;
}

/** The root over at least one value. */
export function root(values: readonly Uint8Array[]): Bytes {
  if (values.length === 0) throw new LayoutInvalid("there is no empty tree");
  let level = values.map(leaf);
  while (level.length > 1) level = above(level);
  return level[0] as Bytes;
}

/** The siblings of the value at `index`, from leaf to root. */
export function proof(values: readonly Uint8Array[], index: number): Proof {
  if (!Number.isInteger(index) || index < 0 || index >= values.length) throw new LayoutInvalid("no value at this index");
  const siblings: Bytes[] = [];
  let level = values.map(leaf);
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) siblings.push(sibling);
    level = above(level);
  }
  return { index, count: values.length, siblings };
}

/** Whether the value stands at the proof's index in the tree of `count` values with this root. */
export function verify(expected: Uint8Array, value: Uint8Array, { index, count, siblings }: Proof): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || index < 0 || index >= count) return false;
  let found = leaf(value);
  let used = 0;
  for (let at = index, width = count; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    if (at % 2 === 0 && at === width - 1) continue; // promoted: contributes no sibling
    const sibling = siblings[used++];
    if (sibling === undefined || sibling.length !== 32) return false;
    found = at % 2 === 0 ? node(found, sibling) : node(sibling, found);
  }
  return used === siblings.length && equal(found, expected);
}
