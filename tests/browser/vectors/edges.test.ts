/** Edges that no shared vector reaches. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, hex, unbase64, unhex, unsigned, type Bytes } from "../../../app/browser/layouts/bytes";
import { newDirectory, parseDocument, documentBytes, type DirectoryPlan } from "../../../app/browser/layouts/directory";
import { ENTRY_MAX_BYTES, parseEntry } from "../../../app/browser/layouts/entries";
import { CHUNK_BYTES, open } from "../../../app/browser/layouts/envelope";
import { EnvelopeCorrupt, LayoutInvalid, SealInvalid, SignatureInvalid } from "../../../app/browser/layouts/errors";
import { publicKey } from "../../../app/browser/layouts/hpke";
import { receiptSigningDigest } from "../../../app/browser/layouts/receipts";
import { recoverSigner } from "../../../app/browser/layouts/signatures";
import { isoOf, secondsOf } from "../../../app/browser/layouts/times";

const ORDER = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

test("L-6, S-3: an empty chunk after a full one is refused even when its author sealed it", async () => {
  const secret = new Uint8Array(32).fill(7);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const sealed = async (at: number, last: number, chunk: Bytes): Promise<Bytes> => {
    const iv = concat(unsigned(at, 11), new Uint8Array([last]));
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, chunk));
  };
  const full = await sealed(0, 0, new Uint8Array(CHUNK_BYTES));
  const nothing = await sealed(1, 1, new Uint8Array(0));
  await assert.rejects(open(concat(full, nothing), secret), EnvelopeCorrupt);
});

test("L-15: an entry has at most 16 pages", () => {
  assert.throws(() => parseEntry(new Uint8Array(ENTRY_MAX_BYTES + 4096)), /padded/);
});

test("L-17: base64 with stray bits is refused, because one value has one spelling", () => {
  assert.deepEqual(unbase64("AA=="), new Uint8Array(1));
  assert.throws(() => unbase64("AB=="), LayoutInvalid);
});

test("C-4, L-18: the other s, another v and another length are refused", async () => {
  const digest = receiptSigningDigest(1, new Uint8Array([1]));
  const r = unsigned(1, 32);
  const low = concat(r, unsigned(5, 32), new Uint8Array([27]));
  assert.match(await recoverSigner(digest, low), /^0x[0-9a-f]{40}$/);
  const high = concat(r, unsigned(ORDER - 5n, 32), new Uint8Array([28]));
  await assert.rejects(recoverSigner(digest, high), SignatureInvalid);
  await assert.rejects(recoverSigner(digest, concat(low.slice(0, 64), new Uint8Array([0]))), SignatureInvalid);
  await assert.rejects(recoverSigner(digest, low.slice(0, 64)), SignatureInvalid);
  await assert.rejects(recoverSigner(digest, concat(new Uint8Array(64), new Uint8Array([27]))), SignatureInvalid);
});

test("C-10, C-11: times go there and back, and nothing else is one", () => {
  for (const seconds of [-5_364_662_400, -1, 0, 951_782_399, 253_402_300_799]) assert.equal(secondsOf(isoOf(seconds)), seconds);
  for (const wrong of ["2025-02-30T00:00:00Z", "2025-06-01T24:00:00Z", "2025-06-01", "1799-12-31T23:59:59Z", ""]) {
    assert.throws(() => secondsOf(wrong), LayoutInvalid);
  }
});

test("L-9, L-17: a directory is made for a whole committee, or not at all", async () => {
  const keys = await Promise.all([1, 2, 3].map((fill) => publicKey(new Uint8Array(32).fill(fill))));
  const plan: DirectoryPlan = {
    categories: ["laboratory", "consent"],
    chainId: 1337,
    committeeVersion: 1,
    patient: hex(new Uint8Array(20).fill(9)),
    previous: null,
    threshold: 2,
    version: 1,
    sealingKeys: keys,
  };
  const steps: number[] = [];
  const made = await newDirectory(plan, (done) => steps.push(done));
  assert.deepEqual(steps, [1, 2]);
  assert.deepEqual(parseDocument(documentBytes(made), plan.categories), made);
  const again = await newDirectory(plan);
  assert.notDeepEqual(again.categories.consent?.channelKey, made.categories.consent?.channelKey);
  await assert.rejects(newDirectory({ ...plan, threshold: 4 }), LayoutInvalid);
  await assert.rejects(newDirectory({ ...plan, threshold: 1 }), LayoutInvalid);
  await assert.rejects(newDirectory({ ...plan, categories: ["consent", "consent"] }), LayoutInvalid);
  const broken = [...keys.slice(0, 2), unhex("0x00")];
  await assert.rejects(newDirectory({ ...plan, sealingKeys: broken }), SealInvalid);
});
