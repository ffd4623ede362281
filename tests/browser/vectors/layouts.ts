/** Vectors of public layouts (L-1 to L-5, L-15 to L-17, B-1). */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { base64, hex, unbase64, unhex, type Bytes } from "../../../app/browser/layouts/bytes";
import { dumps, loads } from "../../../app/browser/layouts/canonical";
import { rawCid } from "../../../app/browser/layouts/cid";
import { documentBytes, parseDocument } from "../../../app/browser/layouts/directory";
import { LayoutInvalid } from "../../../app/browser/layouts/errors";
import { entryPlaintext, manifestBytes, manifestRoot, parseEntry, parseManifest } from "../../../app/browser/layouts/entries";
import { keccak, sha256 } from "../../../app/browser/layouts/hashes";
import {
  headerBytes, headerHash, parseHeader, parseSealing, recordDigest, sealingBytes, sealingHash, type Header, type Sealing,
} from "../../../app/browser/layouts/headers";
import { parseProof, proof, root, verify } from "../../../app/browser/layouts/merkle";
import { raw, refuses, type Suite, type Vectors } from "./suite";

const canonical: Suite = {
  keys: ["valid", "refused"],
  async run({ valid, refused }) {
    for (const one of valid) {
      const bytes = unbase64(one.bytes);
      assert.deepEqual(dumps(one.value), bytes);
      assert.deepEqual(loads(bytes), one.value);
      assert.equal(hex(keccak(bytes)), one.keccak);
    }
    await refuses(refused, "layout-invalid", (one) => loads(unbase64(one.bytes)));
  },
};

const digestOf = (header: Header, sealing: Sealing): string =>
  hex(recordDigest(unhex(header.recordId), headerHash(header), sealingHash(sealing)));

const headers: Suite = {
  keys: ["valid", "refusedHeaders", "refusedSealings"],
  async run({ valid, refusedHeaders, refusedSealings }) {
    for (const one of valid) {
      const header = parseHeader(raw(one.header));
      const sealing = parseSealing(raw(one.sealing));
      assert.deepEqual(headerBytes(header), raw(one.header));
      assert.deepEqual(sealingBytes(sealing), raw(one.sealing));
      assert.equal(hex(headerHash(header)), one.headerHash);
      assert.equal(hex(sealingHash(sealing)), one.sealingHash);
      assert.equal(digestOf(header, sealing), one.recordDigest);
    }
    await refuses(refusedHeaders, "layout-invalid", (one) => parseHeader(raw(one.text)));
    await refuses(refusedSealings, "layout-invalid", (one) => parseSealing(raw(one.text)));
  },
};

const entries: Suite = {
  keys: ["valid", "refused"],
  async run({ valid, refused }) {
    for (const one of valid) {
      const entry = parseEntry(unbase64(one.plaintext));
      assert.deepEqual(headerBytes(entry.header), raw(one.header));
      assert.deepEqual(sealingBytes(entry.sealing), raw(one.sealing));
      assert.deepEqual(entry.shares.map(base64), one.shares);
      assert.equal(base64(entry.copy), one.copy);
      assert.equal(base64(entryPlaintext(entry)), one.plaintext);
      assert.equal(digestOf(entry.header, entry.sealing), one.recordDigest);
    }
    await refuses(refused, "layout-invalid", (one) => parseEntry(unbase64(one.plaintext)));
  },
};

const manifest: Suite = {
  keys: ["valid", "refused"],
  async run({ valid, refused }) {
    for (const one of valid) {
      const read = parseManifest(raw(one.text));
      assert.deepEqual(manifestBytes(read), raw(one.text));
      assert.equal(hex(manifestRoot(read)), one.root);
      assert.equal(hex(await sha256(raw(one.text))), one.sha256);
    }
    await refuses(refused, "layout-invalid", (one) => parseManifest(raw(one.text)));
  },
};

const merkle: Suite = {
  keys: ["trees", "root", "refused"],
  async run(vectors) {
    for (const tree of vectors.trees) {
      const values: Bytes[] = tree.values.map((value: string) => unhex(value, 32));
      assert.equal(hex(root(values)), tree.root);
      for (const one of tree.proofs) {
        const read = parseProof(one);
        assert.deepEqual(proof(values, one.index), read);
        assert.ok(verify(unhex(tree.root), values[one.index] as Bytes, read));
      }
    }
    for (const one of vectors.refused) {
      assert.equal(verify(unhex(vectors.root), unhex(one.value), parseProof(one.proof)), false, one.why);
    }
  },
};

const directory: Suite = {
  keys: ["required", "valid", "refused"],
  async run({ required, valid, refused }) {
    for (const one of valid) {
      assert.deepEqual(documentBytes(parseDocument(raw(one.text), required)), raw(one.text));
      assert.throws(() => parseDocument(raw(one.text)), LayoutInvalid, "a document without all categories is read");
    }
    await refuses(refused, "layout-invalid", (one) => parseDocument(raw(one.text), required));
  },
};

const MIB = 1 << 20;

/** Pages make and read single blocks only: larger content is refused rather than given a wrong id. */
const unixfs: Suite = {
  keys: ["sentences", "vectors"],
  async run({ vectors }) {
    const fitting = vectors.filter(({ size }: Vectors) => size <= MIB);
    assert.ok(fitting.length > 0 && fitting.length < vectors.length);
    for (const { fill, size, cid, sha256: digest } of vectors) {
      if (size > 2 * MIB) continue;
      const content = Uint8Array.from({ length: size }, (_, at) => (fill === "ramp" ? at % 251 : 0));
      assert.equal(createHash("sha256").update(content).digest("hex"), digest);
      if (size <= MIB) assert.equal(await rawCid(content), cid);
      else await assert.rejects(rawCid(content), LayoutInvalid);
    }
  },
};

export const LAYOUT_SUITES = { canonical, headers, entries, manifest, merkle, directory, unixfs };
