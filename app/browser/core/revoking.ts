/** Revoking a consent, or a mandate, at every keeper at once (design §4, Revoke; specification K-17, L-23, W-30). */

import { checkedAcknowledgement } from "../layouts/acknowledgements";
import { unbase64, type Hex } from "../layouts/bytes";
import { LayoutError } from "../layouts/errors";
import { loadSignatures } from "../layouts/signatures";
import { revocationTypedData } from "../layouts/signed";
import { Problem, revoke, type Network, type ShownConsent } from "./api";
import { chainOf } from "./chain";
import { Mismatch } from "./checks";
import { committeesOf, everyKeeper, type SeatedKeeper } from "./committees";
import { KeeperFailed, post } from "./keepers";
import type { Session } from "./session";
import { isUnsettled, signAndSend } from "./signed_once";

export interface Revoked {
  /** Keepers whose signed word came that they release nothing more. */
  readonly acknowledged: number;
  readonly of: number;
  /** By which the gateway brought it to the chain; null if it did not: then keepers do. */
  readonly transaction: Hex | null;
}

const ANSWER_BYTES = 65_536;
const PATIENCE_MILLISECONDS = 30_000;

/** Throws Problem gateway-unreachable where the code that checks keepers' words does not come. */
async function readyToCheck(): Promise<void> {
  try {
    await loadSignatures();
  } catch {
    throw new Problem("gateway-unreachable", "", null, null);
  }
}

// With the page that revokes: its gateway may be dead by the time that keepers answer. If it does not come, that is told then.
void readyToCheck().catch(() => undefined);

/**
 * Asks the wallet for one signature, shows it to every keeper and to the gateway at once, and tells as keepers acknowledge.
 *
 * Throws WalletError; Problem where nobody took it.
 */
export async function revokeEverywhere(
  shown: Pick<ShownConsent, "id">,
  session: Session,
  progress: (acknowledged: number, of: number) => void,
): Promise<Revoked> {
  const { patient, network } = session;
  const registry = network.contracts.ConsentRegistry;
  if (registry === undefined) throw new Mismatch();
  const keepers = await everybody(network);
  const data = revocationTypedData(patient, shown.id, network.chainId, registry);
  const send = async ({ signature }: { readonly signature: Hex }): Promise<Sent> => {
    const body = { consentId: shown.id, patient, signature: signature.toLowerCase() };
    let acknowledged = 0;
    progress(0, keepers.length);
    const told = keepers.map(async (keeper) => {
      if (await acknowledges(keeper, body, network.chainId)) progress(++acknowledged, keepers.length);
    });
    const relayed = revoke(shown.id, signature).catch((error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    });
    const [answer] = await Promise.all([relayed, ...told]);
    if (answer instanceof Problem && acknowledged === 0) throw answer;
    const transaction = answer instanceof Problem ? null : answer.transaction;
    return { acknowledged, of: keepers.length, transaction, unsettled: isUnsettled(answer) };
  };
  // While the gateway has not answered, the next try shows the same signature to everybody again.
  const { unsettled: _, ...revoked } = await signAndSend(
    `revoke ${shown.id}`, session, async () => ({ data, body: {} }), send, ({ unsettled }) => !unsettled,
  );
  return revoked;
}

type Sent = Revoked & { readonly unsettled: boolean };

/** Every keeper that the chain ever named; while it is silent, those that the gateway names. */
async function everybody(network: Network): Promise<readonly Pick<SeatedKeeper, "account" | "url">[]> {
  try {
    return everyKeeper(await committeesOf(chainOf(network)));
  } catch {
    // A revocation waits for no chain: whoever hears of it now denies at once.
    return network.keepers.map((one) => ({ ...one, url: one.url.replace(/\/+$/, "") }));
  }
}

/** Whether this keeper says so, of this consent, in its signed word. */
async function acknowledges(
  keeper: Pick<SeatedKeeper, "account" | "url">,
  body: { readonly consentId: Hex; readonly patient: Hex },
  chainId: number,
): Promise<boolean> {
  try {
    const answer = await post(keeper, "/revocations", body, ANSWER_BYTES, AbortSignal.timeout(PATIENCE_MILLISECONDS));
    await readyToCheck();
    const said = await checkedAcknowledgement(unbase64(answer.acknowledgement as string), unbase64(answer.signature as string, 65));
    const same = said.consentId === body.consentId && said.patient === body.patient && said.chainId === chainId;
    return same && said.keeper === keeper.account;
  } catch (error) {
    if (error instanceof KeeperFailed || error instanceof LayoutError || error instanceof DOMException) return false;
    throw error;
  }
}
