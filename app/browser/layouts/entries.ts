/** Entries and manifests (L-15, L-16). */

import { base64, concat, u32, unhex, type Bytes, type Hex } from "./bytes";
import { dumps, exactly, loads, type Json } from "./canonical";
import { LayoutInvalid } from "./errors";
import {
  account, blob, cid, digest, integer, list, MAX_SEATS, MIN_THRESHOLD, SEALED_KEY_BYTES, SEALED_SHARE_BYTES,
} from "./fields";
import { header, sealing, type Header, type Sealing } from "./headers";
import { entryInfo } from "./infos";
import { open, seal } from "./hpke";
import { root } from "./merkle";

export const ENTRY_STEP = 4096;
export const ENTRY_MAX_BYTES = 16 * ENTRY_STEP;
export const MANIFEST_MAX_ROWS = 100;
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
  if (plaintext.length === 0 || plaintext.length % ENTRY_STEP !== 0 || plaintext.length > ENTRY_MAX_BYTES) {
    throw new LayoutInvalid("entry is not padded");
  }
  const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0);
  const end = 4 + length;
  if (Math.ceil(end / ENTRY_STEP) * ENTRY_STEP !== plaintext.length) throw new LayoutInvalid("entry length is wrong");
  if (plaintext.subarray(end).some((byte) => byte !== 0)) throw new LayoutInvalid("padding is not zero");
  const from = exactly(loads(plaintext.subarray(4, end)), ["copy", "header", "sealing", "shares"]);
  const sealed = sealing(from.sealing as Json);
  const shares = list(from.shares, "shares", MIN_THRESHOLD, MAX_SEATS);
  if (shares.length !== sealed.shareHashes.length) throw new LayoutInvalid("shares and hashes differ in number");
  return {
    copy: blob(from.copy, "copy", SEALED_KEY_BYTES),
    header: header(from.header as Json),
    sealing: sealed,
    shares: shares.map((share) => blob(share, "shares", SEALED_SHARE_BYTES)),
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
  integer(from.version, "version", 1, 1);
  return {
    author: account(from.author, "author"),
    rows: list(from.rows, "rows", 1, MANIFEST_MAX_ROWS).map(row),
  };
}

function row(value: Json): Row {
  const [tag, entryCid, recordDigest] = list(value, "row", 3, 3);
  return { tag: digest(tag, "tag"), entryCid: cid(entryCid, "entryCid"), recordDigest: digest(recordDigest, "digest") };
}

/** What the author anchors. */
export const manifestRoot = (manifest: Manifest): Bytes =>
  root(manifest.rows.map((line) => unhex(line.recordDigest, 32)));
