/** The patient's directory: its keys are made in the browser and signed for once; the same again renews them. */

import { base64, unbase64 } from "../layouts/bytes";
import { rawCid } from "../layouts/cid";
import { documentBytes, newDirectory, type DirectoryPlan } from "../layouts/directory";
import { LayoutInvalid } from "../layouts/errors";
import { PUBLIC_KEY_BYTES } from "../layouts/hpke";
import { DIRECTORY_ATTRIBUTE, setAttributeTypedData } from "../layouts/signed";
import * as api from "./api";
import { Mismatch } from "./checks";
import type { Session } from "./session";
import { signingClock } from "./signing_clock";
import { signAndSend } from "./signed_once";

/** A hundred years: the latest attribute counts, so that none needs to end. */
const VALIDITY_SECONDS = 100 * 365 * 24 * 3600;
/** How long the signature may wait for its relay. */
const RELAY_SECONDS = 15 * 60;

/** Hears how many categories have their keys. */
export type Made = (done: number, of: number) => void;

/** The committee's sealing keys by seat. Throws LayoutInvalid when a seat is missing or held twice. */
function plan(state: api.Directory, { network, patient }: Session): DirectoryPlan {
  const bySeat = [...network.keepers].sort((left, right) => left.seat - right.seat);
  if (bySeat.some(({ seat }, at) => seat !== at)) throw new LayoutInvalid("the committee's seats are not complete");
  return {
    categories: network.categories,
    chainId: network.chainId,
    committeeVersion: network.committeeVersion,
    patient,
    previous: state.cid,
    threshold: network.threshold,
    version: (state.version ?? 0) + 1,
    sealingKeys: bySeat.map(({ sealingKey }) => unbase64(sealingKey, PUBLIC_KEY_BYTES)),
  };
}

/** The next directory with new keys for every category, after a revocation; whether there was one to renew. */
export async function renewDirectory(session: Session, made: Made): Promise<boolean> {
  const state = await api.directory();
  if (state.cid === null || state.inForce === false) return false;
  await fileNextDirectory(state, session, made);
  return true;
}

/**
 * Makes the document that follows `shown`, has it signed for, and files it; "meanwhile" if another tab, another device or
 * an answer that was lost was quicker: then nothing is signed. Throws Mismatch, LayoutError, WalletError, Problem.
 */
export async function fileNextDirectory(shown: api.Directory, session: Session, made: Made): Promise<"filed" | "meanwhile"> {
  const { network, patient } = session;
  const registry = network.contracts.IdentityRegistry;
  if (registry === undefined) throw new Mismatch();
  const state = await api.directory();
  if (state.cid !== shown.cid) return "meanwhile";
  const prepare = async () => {
    const document = documentBytes(await newDirectory(plan(state, session), made));
    const cid = await rawCid(document);
    const deadline = (await signingClock(network)).now() + RELAY_SECONDS;
    const change = {
      identity: patient,
      name: DIRECTORY_ATTRIBUTE,
      value: `ipfs://${cid}`,
      validity: VALIDITY_SECONDS,
      nonce: state.identityNonce,
      deadline,
    };
    return { data: setAttributeTypedData(change, network.chainId, registry), body: { document: base64(document), cid, deadline } };
  };
  await signAndSend(`directory ${state.cid} ${state.identityNonce}`, session, prepare, async (body) => {
    const filed = await api.fileDirectory(body.document, body.deadline, body.signature);
    if (filed.cid !== body.cid) throw new Mismatch();
  });
  return "filed";
}
