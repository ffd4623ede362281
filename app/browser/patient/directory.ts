/** The patient's directory: its keys are made in the browser and signed for once; the same again renews them. */

import { base64, unbase64 } from "../layouts/bytes";
import { rawCid } from "../layouts/cid";
import { documentBytes, newDirectory, type DirectoryPlan } from "../layouts/directory";
import { LayoutInvalid } from "../layouts/errors";
import { PUBLIC_KEY_BYTES } from "../layouts/hpke";
import { DIRECTORY_ATTRIBUTE, setAttributeTypedData } from "../layouts/signed";
import * as api from "./api";
import { Mismatch } from "./checks";
import { button, element } from "./dom";
import { attempt, say } from "./page";
import type { Session } from "./session";
import { moment, t } from "./text";
import { ensureChain, signTyped } from "./wallets";

/** A hundred years: the latest attribute counts, so that none needs to end. */
const VALIDITY_SECONDS = 100 * 365 * 24 * 3600;
/** How long the signature may wait for its relay. */
const RELAY_SECONDS = 15 * 60;

export function directoryCard(state: api.Directory, session: Session, refresh: () => Promise<void>): HTMLElement {
  const words = t().directory;
  const closed = state.cid === null;
  const progress = element("progress", { max: "1", value: "0", "aria-label": words.title });
  progress.hidden = true;
  const advised = state.rotation ?? null;
  const action = button(closed ? words.action : words.renew, closed || advised ? "primary" : "plain", async () => {
    await attempt(() => openDirectory(state, session, progress, refresh));
    progress.hidden = true;
  });
  return element(
    "section",
    { id: "directory", class: "card", "aria-labelledby": "directory-title" },
    element("h2", { id: "directory-title" }, words.title),
    ...(closed
      ? [element("p", {}, words.closed)]
      : [
          element("p", {}, words.open(state.version ?? 1)),
          ...(advised === null ? [] : [element("p", { class: "warning" }, words.advised(moment(advised.since)))]),
          element("p", { class: "quiet" }, words.renewHint),
        ]),
    progress,
    element("div", { class: "actions" }, action),
  );
}

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

async function openDirectory(
  state: api.Directory,
  session: Session,
  progress: HTMLProgressElement,
  refresh: () => Promise<void>,
): Promise<void> {
  progress.hidden = false;
  await fileNext(state, session, (done, of) => {
    progress.max = of;
    progress.value = done;
    progress.setAttribute("aria-valuetext", t().directory.making(done, of));
  });
  await refresh();
  say(state.cid === null ? t().directory.opened : t().directory.renewed);
}

/** The next directory with new keys for every category, after a revocation; whether there was one to renew. */
export async function renewDirectory(session: Session): Promise<boolean> {
  const state = await api.directory();
  if (state.cid === null || state.inForce === false) return false;
  await fileNext(state, session, (done, of) => say(t().directory.making(done, of)));
  return true;
}

async function fileNext(
  state: api.Directory,
  session: Session,
  tell: (done: number, of: number) => void,
): Promise<void> {
  const { wallet, account, network, patient } = session;
  const registry = network.contracts.IdentityRegistry;
  if (registry === undefined) throw new Mismatch();
  const document = documentBytes(await newDirectory(plan(state, session), tell));
  const cid = await rawCid(document);
  const deadline = Math.floor(Date.now() / 1000) + RELAY_SECONDS;
  const data = setAttributeTypedData(
    {
      identity: patient,
      name: DIRECTORY_ATTRIBUTE,
      value: `ipfs://${cid}`,
      validity: VALIDITY_SECONDS,
      nonce: state.identityNonce,
      deadline,
    },
    network.chainId,
    registry,
  );
  say(t().lookAtWallet);
  await ensureChain(wallet, network);
  const signature = await signTyped(wallet, account, data);
  const filed = await api.fileDirectory(base64(document), deadline, signature);
  if (filed.cid !== cid) throw new Mismatch();
}
