/** Content ids of single raw blocks: CIDv1, raw, SHA-256, base32. */

import { concat, type Bytes } from "./bytes";
import { LayoutInvalid } from "./errors";
import { sha256 } from "./hashes";

export const BLOCK_MAX_BYTES = 1 << 20;

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
// version 1, codec raw (0x55), multihash sha2-256 (0x12) of 32 bytes
const PREFIX = new Uint8Array([1, 0x55, 0x12, 32]);

function base32(bytes: Uint8Array): string {
  let out = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(held >> bits) & 31];
    }
  }
  return bits > 0 ? out + ALPHABET[(held << (5 - bits)) & 31] : out;
}

/** The CID of content that fits one block. Throws LayoutInvalid for more. */
export async function rawCid(content: Bytes): Promise<string> {
  if (content.length > BLOCK_MAX_BYTES) throw new LayoutInvalid("content does not fit one block");
  return `b${base32(concat(PREFIX, await sha256(content)))}`;
}

const RAW_OR_DAG_PB = new Set([0x55, 0x70]);

function unbase32(text: string): Bytes {
  const out: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    held = ((held << 5) | ALPHABET.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  return new Uint8Array(out);
}

/** Whether text is a CIDv1, raw or dag-pb, SHA-256, in its one base32 spelling. */
export function isCid(text: string): boolean {
  if (!/^b[a-z2-7]{58}$/.test(text)) return false;
  const binary = unbase32(text.slice(1));
  const [version, codec, hash, length] = binary;
  return (
    version === 1 && RAW_OR_DAG_PB.has(codec as number) && hash === 0x12 && length === 32 &&
    `b${base32(binary)}` === text
  );
}
