/** What a row of the gateway's index really is: opened, and followed to what its author anchored (W-26). */

import { hex, unhex, type Bytes, type Hex } from "../layouts/bytes";
import { rawCid } from "../layouts/cid";
import { parseEntry, type Entry } from "../layouts/entries";
import { LayoutError } from "../layouts/errors";
import { headerHash, recordDigest, sealingHash } from "../layouts/headers";
import { open } from "../layouts/hpke";
import { entryInfo } from "../layouts/infos";
import { verify, type Proof } from "../layouts/merkle";

/** A row whose entry is here. */
export interface Stored {
  readonly author: Hex;
  readonly tag: Hex;
  readonly cid: string;
  readonly digest: Hex;
  readonly root: Hex;
  readonly position: number;
  readonly sealed: Bytes;
  readonly proof: Proof;
}

/** Under which it was looked for. */
export interface Wanted {
  readonly chainId: number;
  readonly patient: Hex;
  readonly category: string;
  /** The X-Wing private key of the category's entries. */
  readonly entryPrivate: Bytes;
}

/** An entry that is what its author put there, or whose doing it is that it is not. */
export type Checked = { readonly entry: Entry; readonly headerHash: Hex } | "entry-corrupt" | "gateway-wrong";

export async function checkEntry(row: Stored, wanted: Wanted): Promise<Checked> {
  const there = row.position === row.proof.index && verify(unhex(row.root, 32), unhex(row.digest, 32), row.proof);
  if (!there || (await rawCid(row.sealed)) !== row.cid) return "gateway-wrong";
  let entry: Entry;
  try {
    entry = parseEntry(await open(wanted.entryPrivate, entryInfo(wanted.chainId, unhex(row.tag, 32)), row.sealed));
  } catch (error) {
    if (error instanceof LayoutError) return "entry-corrupt";
    throw error;
  }
  const { header } = entry;
  const { author, category, patient } = header;
  if (patient !== wanted.patient || author !== row.author || category !== wanted.category) return "entry-corrupt";
  const hash = headerHash(header);
  const digest = recordDigest(unhex(header.recordId, 32), hash, sealingHash(entry.sealing));
  return hex(digest) === row.digest ? { entry, headerHash: hex(hash) } : "entry-corrupt";
}
