/** Entries and manifests (L-15, L-16). */

import { address, base64, concat, u32, unbase64, unhex, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loads, type Json } from "./canonical";
import { LayoutInvalid } from "./errors";
import { header, sealing, type Header, type Sealing } from "./headers";
import { entryInfo } from "./infos";
import { open, seal } from "./hpke";
import { root } from "./merkle";

export const ENTRY_STEP = 4096;
export const MANIFEST_MAX_BYTES = 1 << 20;

export interface Entry {
  readonly copy: Bytes;
  readonly header: Header;
  readonly sealing: Sealing;
  readonly shares: readonly Bytes[];
}

/** The padded plaintext of an entry. */
export function entryPlaintext(entry: Entry): Bytes {
  const body = dumps({
    copy: base64(entry.copy),
    header: { ...entry.header } as unknown as Json,
    sealing: { ...entry.sealing } as unknown as Json,
    shares: entry.shares.map(base64),
  });
  const length = 4 + body.length;
  return concat(u32(body.length), body, new Uint8Array(Math.ceil(length / ENTRY_STEP) * ENTRY_STEP - length));
}

/** The entry of a padded plaintext. Throws LayoutInvalid. */
export function parseEntry(plaintext: Uint8Array): Entry {
  if (plaintext.length === 0 || plaintext.length % ENTRY_STEP !== 0) throw new LayoutInvalid("entry is not padded");
  const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0);
  const end = 4 + length;
  if (Math.ceil(end / ENTRY_STEP) * ENTRY_STEP !== plaintext.length) throw new LayoutInvalid("entry length is wrong");
  if (plaintext.subarray(end).some((byte) => byte !== 0)) throw new LayoutInvalid("padding is not zero");
  const from = exactly(loads(plaintext.subarray(4, end)), ["copy", "header", "sealing", "shares"]);
  if (!Array.isArray(from.shares)) throw new LayoutInvalid("shares is not a list");
  return {
    copy: unbase64(from.copy as string),
    header: header(from.header as Json),
    sealing: sealing(from.sealing as Json),
    shares: from.shares.map((share) => unbase64(share as string)),
  };
}

export const sealEntry = (entryKey: Bytes, chainId: number | bigint, tag: Bytes, plaintext: Bytes): Promise<Bytes> =>
  seal(entryKey, entryInfo(chainId, tag), plaintext);

export const openEntry = (entryPrivate: Bytes, chainId: number | bigint, tag: Bytes, sealed: Bytes): Promise<Bytes> =>
  open(entryPrivate, entryInfo(chainId, tag), sealed);

export interface Row {
  readonly tag: Hex;
  readonly entryCid: string;
  readonly recordDigest: Hex;
}

export interface Manifest {
  readonly author: Hex;
  readonly rows: readonly Row[];
}

export function manifestBytes(manifest: Manifest): Bytes {
  const rows = manifest.rows.map((row): Json => [row.tag, row.entryCid, row.recordDigest]);
  const raw = dumps({ author: manifest.author, rows, version: 1 });
  if (raw.length > MANIFEST_MAX_BYTES) throw new LayoutInvalid("a manifest has at most 1 MiB");
  return raw;
}

/** The manifest of canonical bytes. Throws LayoutInvalid. */
export function parseManifest(raw: Uint8Array): Manifest {
  if (raw.length > MANIFEST_MAX_BYTES) throw new LayoutInvalid("a manifest has at most 1 MiB");
  const from = exactly(loads(raw), ["author", "rows", "version"]);
  if (from.version !== 1 || !Array.isArray(from.rows) || from.rows.length === 0) {
    throw new LayoutInvalid("not a manifest of version 1 with rows");
  }
  address(from.author as string);
  return { author: from.author as Hex, rows: from.rows.map(row) };
}

function row(value: Json): Row {
  if (!Array.isArray(value) || value.length !== 3) throw new LayoutInvalid("a row has three fields");
  const [tag, entryCid, recordDigest] = value as readonly string[];
  unhex(tag as string, 32);
  unhex(recordDigest as string, 32);
  if (typeof entryCid !== "string" || entryCid === "") throw new LayoutInvalid("a row names its entry by CID");
  return { tag: tag as Hex, entryCid, recordDigest: recordDigest as Hex };
}

/** What the author anchors. */
export const manifestRoot = (manifest: Manifest): Bytes =>
  root(manifest.rows.map((line) => unhex(line.recordDigest, 32)));
