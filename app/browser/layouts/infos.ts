/** HPKE `info` strings and HKDF labels: each binds a sealed value to the one place where it may be opened. */

import { address, concat, str, u256, u32, u64, utf8, type Bytes, type Hex } from "./bytes";
import { LayoutInvalid } from "./errors";

type Whole = number | bigint;

function sized(value: Uint8Array, length: number): Uint8Array {
  if (value.length !== length) throw new LayoutInvalid(`a field is not ${length} bytes long`);
  return value;
}

/** L-8. */
export function recordShareInfo(chainId: Whole, committeeVersion: Whole, recordId: Bytes, headerHash: Bytes): Bytes {
  return concat(
    utf8("consentry/v1/share/record"), u256(chainId), u64(committeeVersion), sized(recordId, 32), sized(headerHash, 32),
  );
}

export interface SeedPlace {
  readonly chainId: Whole;
  readonly committeeVersion: Whole;
  readonly patient: Hex;
  readonly category: string;
  readonly documentVersion: Whole;
  readonly channelKey: Bytes;
  readonly entryKey: Bytes;
  readonly seedCommitment: Bytes;
}

/** L-9. */
export function seedShareInfo(place: SeedPlace): Bytes {
  return concat(
    utf8("consentry/v1/share/seed"),
    u256(place.chainId),
    u64(place.committeeVersion),
    address(place.patient),
    str(place.category),
    u64(place.documentVersion),
    sized(place.channelKey, 32),
    sized(place.entryKey, 1216),
    sized(place.seedCommitment, 32),
  );
}

export interface ChannelPlace {
  readonly chainId: Whole;
  readonly patient: Hex;
  readonly category: string;
  readonly documentVersion: Whole;
  readonly author: Hex;
  readonly authorKey: Bytes;
  readonly channelKey: Bytes;
}

/** L-13. */
export function channelInfo(place: ChannelPlace): Bytes {
  return concat(
    utf8("consentry/v1/channel"),
    u256(place.chainId),
    address(place.patient),
    str(place.category),
    u64(place.documentVersion),
    address(place.author),
    sized(place.authorKey, 32),
    sized(place.channelKey, 32),
  );
}

/** L-15. */
export function entryInfo(chainId: Whole, tag: Bytes): Bytes {
  return concat(utf8("consentry/v1/entry"), u256(chainId), sized(tag, 32));
}

/** L-15, the author's own copy of the record key. */
export function copyInfo(recordId: Bytes): Bytes {
  return concat(utf8("consentry/v1/copy"), sized(recordId, 32));
}

/** L-20; `released` is the record id, or a seed's commitment. */
export function releasedInfo(requestDigest: Bytes, released: Bytes, seat: Whole): Bytes {
  return concat(utf8("consentry/v1/released"), sized(requestDigest, 32), sized(released, 32), u32(seat));
}

/** L-21, a page of receipts sealed to the query's key. */
export function receiptsInfo(queryDigest: Bytes): Bytes {
  return concat(utf8("consentry/v1/receipts"), sized(queryDigest, 32));
}
