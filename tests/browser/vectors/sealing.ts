/** Vectors of keys, shares, envelopes and channels (L-3, L-6 to L-14, L-20, L-21). */

import assert from "node:assert/strict";

import { base64, concat, hex, unbase64, unhex, type Bytes } from "../../../app/browser/layouts/bytes";
import { channel, derive, publicKeys, tag } from "../../../app/browser/layouts/channels";
import { checkCommitment, CHUNK_BYTES, deriveEnvelopeKey, open, openChunks, seal } from "../../../app/browser/layouts/envelope";
import { EnvelopeCorrupt, KeyCommitmentMismatch, ShareInvalid } from "../../../app/browser/layouts/errors";
import { sha256 } from "../../../app/browser/layouts/hashes";
import { checkShare, shareHash } from "../../../app/browser/layouts/headers";
import * as hpke from "../../../app/browser/layouts/hpke";
import {
  channelInfo, copyInfo, entryInfo, receiptsInfo, recordShareInfo, releasedInfo, seedShareInfo,
} from "../../../app/browser/layouts/infos";
import { combine, split } from "../../../app/browser/layouts/shamir";
import { x25519, x25519Public } from "../../../app/browser/layouts/x25519";
import { refuses, type Suite, type Vectors } from "./suite";

const hpkeSuite: Suite = {
  keys: ["seed", "publicKey", "opened", "refused"],
  async run({ seed, publicKey, opened, refused }) {
    const own = unhex(seed, 32);
    const recipient = await hpke.publicKey(own);
    assert.equal(base64(recipient), publicKey);
    for (const one of opened) {
      const info = unhex(one.info);
      const plaintext = unbase64(one.plaintext);
      assert.deepEqual(await hpke.open(own, info, unbase64(one.sealed)), plaintext);
      assert.deepEqual(await hpke.open(own, info, await hpke.seal(recipient, info, plaintext)), plaintext);
    }
    await refuses(refused, "seal-invalid", (one) => hpke.open(own, unhex(one.info), unbase64(one.sealed)));
  },
};

const sealing: Suite = {
  keys: ["shareHashes", "recordShare", "seedShare", "entry", "copy", "released", "receipts"],
  async run({ shareHashes, recordShare, seedShare, entry, copy, released, receipts }) {
    for (const one of shareHashes) {
      const [salt, share] = [unhex(one.salt), unhex(one.share)];
      assert.equal(hex(shareHash(salt, one.seat, share)), one.hash);
      checkShare(one.hash, salt, one.seat, share);
      assert.throws(() => checkShare(one.hash, salt, one.seat + 1, share), ShareInvalid);
    }
    const { chainId, committeeVersion, recordId, headerHash } = recordShare;
    const info = recordShareInfo(chainId, committeeVersion, unhex(recordId), unhex(headerHash));
    assert.equal(hex(info), recordShare.info);
    const seed = {
      ...seedShare,
      documentVersion: seedShare.version,
      channelKey: unbase64(seedShare.channelKey),
      entryKey: unbase64(seedShare.entryKey),
      seedCommitment: unhex(seedShare.seedCommitment),
    };
    assert.equal(hex(seedShareInfo(seed)), seedShare.info);
    assert.equal(hex(entryInfo(entry.chainId, unhex(entry.tag))), entry.info);
    assert.equal(hex(copyInfo(unhex(copy.recordId))), copy.info);
    const { requestDigest, named, seat } = released;
    assert.equal(hex(releasedInfo(unhex(requestDigest), unhex(named), seat)), released.info);
    assert.equal(hex(receiptsInfo(unhex(receipts.queryDigest))), receipts.info);
  },
};

const ramp = (size: number): Bytes => Uint8Array.from({ length: size }, (_, at) => at % 251);

function tamper(chunks: readonly Bytes[], { chunks: order, flip, append, cut }: Vectors): Bytes {
  const taken = order.map((at: number) => (chunks[at] as Bytes).slice());
  if (flip !== undefined) taken[flip[0]][flip[1]] ^= 1;
  const whole = concat(...taken, unhex(`0x${append ?? ""}`));
  return cut === undefined ? whole : whole.slice(0, -cut);
}

const envelope: Suite = {
  keys: ["recordKey", "recordId", "suite", "aeadKey", "keyCommitment", "sealed", "tamperedSize", "tampered"],
  async run(vectors) {
    const key = await deriveEnvelopeKey(unhex(vectors.recordKey), unhex(vectors.recordId), vectors.suite);
    assert.equal(hex(key.encryption), vectors.aeadKey);
    checkCommitment(key, unhex(vectors.keyCommitment));
    assert.throws(() => checkCommitment(key, key.encryption), KeyCommitmentMismatch);
    for (const one of vectors.sealed) {
      const whole = await seal(ramp(one.size), key.encryption);
      assert.equal(hex(await sha256(whole)), one.sha256);
      if (one.ciphertext !== undefined) assert.equal(base64(whole), one.ciphertext);
      assert.equal(whole.length, one.chunks.reduce((sum: number, size: number) => sum + size, 0));
      assert.deepEqual(await open(whole, key.encryption), ramp(one.size));
    }
    const genuine = await seal(ramp(vectors.tamperedSize), key.encryption);
    const width = CHUNK_BYTES + 16;
    const chunks = Array.from({ length: Math.ceil(genuine.length / width) }, (_, at) =>
      genuine.slice(at * width, (at + 1) * width),
    );
    for (const one of vectors.tampered) {
      let handedOut = 0;
      const read = async (): Promise<void> => {
        for await (const chunk of openChunks(tamper(chunks, one), key.encryption)) {
          assert.deepEqual(chunk, ramp(vectors.tamperedSize).slice(handedOut * CHUNK_BYTES, ++handedOut * CHUNK_BYTES));
        }
      };
      await assert.rejects(read, EnvelopeCorrupt, one.why);
      assert.equal(handedOut, one.handedOut, one.why);
    }
  },
};

/** `coefficients` are how Python made the shares; a reader needs none. */
const shamir: Suite = {
  keys: ["cases", "fromNpm", "refused"],
  async run({ cases, fromNpm, refused }) {
    const written: Bytes[] = fromNpm.shares.map((share: string) => unhex(share, 33));
    assert.equal(hex(await combine(written.slice(0, fromNpm.threshold))), fromNpm.secret);
    assert.equal(hex(await combine(written.slice(-fromNpm.threshold))), fromNpm.secret);
    for (const one of cases) {
      const shares: Bytes[] = one.shares.map((share: string) => unhex(share, 33));
      for (const subset of one.subsets) {
        const chosen = subset.map((at: number) => shares[at]);
        assert.equal(hex(await combine(chosen)), one.secret);
      }
      const fresh = await split(unhex(one.secret), shares.length, one.threshold);
      assert.equal(hex(await combine(fresh.slice(-one.threshold))), one.secret);
      if (one.threshold > 2) assert.notEqual(hex(await combine(fresh.slice(0, one.threshold - 1))), one.secret);
    }
    await refuses(refused, "share-invalid", (one) => combine(one.shares.map((share: string) => unhex(share))));
  },
};

const channels: Suite = {
  keys: ["cases", "refusedPublicKeys"],
  async run({ cases, refusedPublicKeys }) {
    for (const one of cases) {
      const secret = await derive(unhex(one.seed, 32));
      assert.equal(hex(secret.channelPrivate), one.channelPrivate);
      assert.equal(hex(secret.entryPrivate), one.entrySeed);
      assert.equal(hex(secret.commitment), one.seedCommitment);
      const { channelKey, entryKey } = await publicKeys(secret);
      assert.equal(base64(channelKey), one.channelKey);
      assert.equal(base64(entryKey), one.entryKey);
      const authorKey = unbase64(one.authorKey, 32);
      assert.deepEqual(await x25519Public(unhex(one.authorPrivate)), authorKey);
      const info = channelInfo({ ...one, documentVersion: one.version, authorKey, channelKey });
      const reader = await channel(secret.channelPrivate, authorKey, info);
      assert.equal(hex(reader), one.channel);
      assert.deepEqual(await channel(unhex(one.authorPrivate), channelKey, info), reader);
      for (const { lineage, j, tag: expected } of one.tags) assert.equal(hex(await tag(reader, lineage, j)), expected);
    }
    const own = unhex(cases[0].channelPrivate);
    await refuses(refusedPublicKeys, "layout-invalid", (key) => x25519(own, unbase64(key)));
  },
};

export const SEALING_SUITES = { hpke: hpkeSuite, sealing, envelope, shamir, channel: channels };
