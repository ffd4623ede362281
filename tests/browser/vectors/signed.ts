/** Vectors of what is signed (C-1, C-2, C-11, I-3, K-1, K-6, L-18, L-19, L-22, L-23, L-24). */

import assert from "node:assert/strict";

import {
  acknowledgementDigest,
  checkedAcknowledgement,
  parseAcknowledgement,
} from "../../../app/browser/layouts/acknowledgements";
import { hex, unhex } from "../../../app/browser/layouts/bytes";
import { dumps, loads } from "../../../app/browser/layouts/canonical";
import { checkEpisode, episodeAssertion, episodeTypedData } from "../../../app/browser/layouts/episodes";
import { SignatureInvalid } from "../../../app/browser/layouts/errors";
import {
  commitmentOf,
  guardianSet,
  guardianSetOf,
  namingTypedData,
  recoveryTypedData,
  vetoTypedData,
} from "../../../app/browser/layouts/guardians";
import { mandate, mandateTypedData } from "../../../app/browser/layouts/mandates";
import { verify, parseProof } from "../../../app/browser/layouts/merkle";
import { closingTypedData, opening, openingTypedData, reviewTypedData } from "../../../app/browser/layouts/openings";
import { checkReceiptSignature, parseReceipt, receiptSigningDigest, receiptValue } from "../../../app/browser/layouts/receipts";
import { replacementTypedData } from "../../../app/browser/layouts/replacement";
import { checkRequestSignature, parseRequest, requestDigest } from "../../../app/browser/layouts/requests";
import { certificate, sessionSigner, sessionTypedData } from "../../../app/browser/layouts/sessions";
import { recoverSigner } from "../../../app/browser/layouts/signatures";
import {
  addDelegateTypedData,
  revocationTypedData,
  revokeDelegateTypedData,
  setAttributeTypedData,
} from "../../../app/browser/layouts/signed";
import { checkStatementSignature, parseStatement, statementDigest, valuesDigest } from "../../../app/browser/layouts/statements";
import { consent, consentId, consentTypedData, termsHash } from "../../../app/browser/layouts/terms";
import { typedDigest } from "../../../app/browser/layouts/typed";
import { raw, refuses, type Suite, type Vectors } from "./suite";

const terms: Suite = {
  keys: ["chainId", "contract", "privateKey", "typedData", "valid", "refused"],
  async run({ chainId, contract, typedData, valid, refused }) {
    assert.deepEqual(consentTypedData(consent(typedData.message), chainId, contract), typedData);
    for (const one of valid) {
      const read = consent(one.message);
      assert.deepEqual(read, one.message);
      assert.equal(termsHash(read.terms), one.termsHash);
      assert.equal(consentId(read, chainId, contract), one.consentId);
      assert.equal(await recoverSigner(unhex(one.consentId), unhex(one.signature)), read.patient);
    }
    await refuses(refused, "terms-invalid", (one) => consent(one.message));
  },
};

const BUILT_HERE: Record<string, (data: Vectors) => unknown> = {
  Revocation: ({ domain, message }) =>
    revocationTypedData(message.patient, message.consentId, domain.chainId, domain.verifyingContract),
  Mandate: ({ domain, message: { statement: _, ...shown } }) =>
    mandateTypedData(mandate(shown), domain.chainId, domain.verifyingContract),
  Replacement: ({ domain, message }) =>
    replacementTypedData(message.replaces, consent(message.consent), domain.chainId, domain.verifyingContract),
  AddDelegate: ({ domain, message }) => addDelegateTypedData(message, domain.chainId, domain.verifyingContract),
  RevokeDelegate: ({ domain, message }) => revokeDelegateTypedData(message, domain.chainId, domain.verifyingContract),
  SetGuardians: ({ domain, message }) => namingTypedData(message, domain.chainId, domain.verifyingContract),
  Recovery: ({ domain, message }) => recoveryTypedData(message, domain.chainId, domain.verifyingContract),
  VetoRecovery: ({ domain, message }) => vetoTypedData(message, domain.chainId, domain.verifyingContract),
  Opening: ({ domain, message: { statement: _, ...shown } }) =>
    openingTypedData(opening(shown, "opening"), domain.chainId, domain.verifyingContract),
  Closing: ({ domain, message }) =>
    closingTypedData(message.closer, message.openingId, domain.chainId, domain.verifyingContract),
  Review: ({ domain, message }) =>
    reviewTypedData(message.reviewer, message.openingId, message.finding, domain.chainId, domain.verifyingContract),
  SetAttribute: ({ domain, message }) => setAttributeTypedData(message, domain.chainId, domain.verifyingContract),
};

const typed: Suite = {
  keys: ["privateKey", "guardianSet", "cases"],
  async run({ guardianSet: set, cases }) {
    const named = cases.find(({ typedData }: Vectors) => typedData.primaryType === "SetGuardians").typedData.message;
    assert.equal(commitmentOf(guardianSet(set), named.identity), named.commitment);
    const backwards = [...set.guardians].reverse();
    assert.deepEqual(guardianSetOf(set.threshold, backwards, set.salt), set);
    await refuses(
      [{ ...set, guardians: backwards }, { ...set, threshold: 4 }, { ...set, salt: "0x00" }, { ...set, more: 1 }],
      "layout-invalid",
      guardianSet,
    );
    for (const { typedData, digest, signature } of cases) {
      assert.equal(typedDigest(typedData), digest);
      const signer = await recoverSigner(unhex(digest), unhex(signature));
      const { identity, patient, consent: held, first, closer, reviewer } = typedData.message;
      assert.equal(signer, identity ?? patient ?? held?.patient ?? first ?? closer ?? reviewer);
      const build = BUILT_HERE[typedData.primaryType];
      if (build !== undefined) assert.deepEqual(build(typedData), typedData);
    }
    const built = cases.filter(({ typedData }: Vectors) => typedData.primaryType in BUILT_HERE);
    assert.equal(built.length, Object.keys(BUILT_HERE).length);
  },
};

const sessions: Suite = {
  keys: ["chainId", "valid", "refused"],
  async run({ chainId, valid, refused }) {
    for (const one of valid) {
      const read = certificate(loads(raw(one.certificate)));
      assert.deepEqual(dumps(read as Vectors), raw(one.certificate));
      assert.deepEqual(sessionTypedData(read, chainId), one.typedData);
      assert.equal(typedDigest(one.typedData), one.digest);
      assert.equal(await sessionSigner(read, chainId), one.signer);
    }
    await refuses(refused, "layout-invalid", (one) => certificate(loads(raw(one.text))));
  },
};

const requests: Suite = {
  keys: ["sessionKey", "publicKey", "valid", "refused"],
  async run({ publicKey, valid, refused }) {
    for (const one of valid) {
      const request = parseRequest(raw(one.text));
      assert.equal(request.session.fields.key, publicKey);
      assert.equal(hex(await requestDigest(raw(one.text))), one.digest);
      await checkRequestSignature(publicKey, raw(one.text), unhex(one.signature, 64));
      await assert.rejects(
        checkRequestSignature(publicKey, raw(`${one.text} `), unhex(one.signature, 64)),
        SignatureInvalid,
      );
    }
    await refuses(refused, "layout-invalid", (one) => parseRequest(raw(one.text)));
  },
};

const episodes: Suite = {
  keys: ["chainId", "valid", "refused"],
  async run({ chainId, valid, refused }) {
    for (const { assertion, patient, practitioner, typedData, digest } of valid) {
      const read = episodeAssertion(assertion, "episode");
      assert.deepEqual(read, assertion);
      assert.deepEqual(episodeTypedData(read, patient, practitioner, chainId), typedData);
      assert.equal(typedDigest(typedData), digest);
      await checkEpisode(read, patient, practitioner, chainId);
      await assert.rejects(checkEpisode(read, patient, practitioner, chainId + 1), SignatureInvalid);
    }
    await refuses(refused, "signature-invalid", (one) =>
      checkEpisode(episodeAssertion(one.assertion, "episode"), one.patient, one.practitioner, chainId),
    );
  },
};

const receipts: Suite = {
  keys: ["chainId", "keeper", "root", "valid", "refused"],
  async run({ chainId, keeper, root, valid, refused }) {
    for (const one of valid) {
      const bytes = raw(one.text);
      assert.equal(parseReceipt(bytes).keeper, keeper);
      assert.equal(hex(receiptValue(bytes)), one.value);
      assert.equal(hex(receiptSigningDigest(chainId, bytes)), one.signingDigest);
      await checkReceiptSignature(chainId, bytes, unhex(one.signature), keeper);
      await assert.rejects(checkReceiptSignature(chainId + 1, bytes, unhex(one.signature), keeper), SignatureInvalid);
      assert.ok(verify(unhex(root), receiptValue(bytes), parseProof(one.proof)));
    }
    await refuses(refused, "layout-invalid", (one) => parseReceipt(raw(one.text)));
  },
};

const statements: Suite = {
  keys: ["chainId", "keeper", "valid", "refused"],
  async run({ chainId, keeper, valid, refused }) {
    for (const one of valid) {
      const bytes = raw(one.text);
      const read = parseStatement(bytes);
      assert.equal(read.keeper, keeper);
      assert.equal(hex(valuesDigest(one.values.map((value: string) => unhex(value)))), read.digest);
      assert.equal(hex(statementDigest(chainId, bytes)), one.signingDigest);
      await checkStatementSignature(chainId, bytes, unhex(one.signature), keeper);
      await assert.rejects(checkStatementSignature(chainId + 1, bytes, unhex(one.signature), keeper), SignatureInvalid);
    }
    await refuses(refused, "layout-invalid", (one) => parseStatement(raw(one.text)));
  },
};

const acknowledgements: Suite = {
  keys: ["keeper", "valid", "refused"],
  async run({ keeper, valid, refused }) {
    for (const one of valid) {
      const bytes = raw(one.text);
      const said = await checkedAcknowledgement(bytes, unhex(one.signature));
      assert.equal(said.keeper, keeper);
      assert.equal(hex(acknowledgementDigest(said.chainId, bytes)), one.signingDigest);
      const other = raw(one.text.replace(said.consentId, `0x${"11".repeat(32)}`));
      await assert.rejects(checkedAcknowledgement(other, unhex(one.signature)), SignatureInvalid);
    }
    await refuses(refused, "layout-invalid", (one) => parseAcknowledgement(raw(one.text)));
  },
};

export const SIGNED_SUITES = {
  terms,
  typed,
  sessions,
  requests,
  grounds: requests,
  episodes,
  acknowledgements,
  receipts,
  statements,
};
