/** Who read the record: the account of accesses, verified in this browser (design §4, Account). Views put it in words. */

import { BaseError } from "viem";
import { getBlockNumber } from "viem/actions";

import type { Bytes, Hex } from "../layouts/bytes";
import { accessesOf } from "./accesses";
import { accountFile } from "./account_file";
import { AccountTally } from "./account_tally";
import { deployment, type Network } from "./api";
import { someAtOnce, type Asker } from "./asking";
import { chainOf, clockOf } from "./chain";
import { committeesOf, everyKeeper, type SeatedKeeper } from "./committees";
import { failureOf, KeeperFailed } from "./keepers";
import { membersOf } from "./members";
import { nextSeqOf, Proofs } from "./proofs";
import type { ReadingSession } from "./reading_session";
import { Broken, Pages, type Shown } from "./receipt_checks";
import { receiptsPage, type Page } from "./receipts";
import { spoken } from "./spoken";
import type { Failure } from "./tally";

/**
 * One request of one actor, as the keepers noted it, and those of its items that came to the same end. `access`: keepers of
 * as many distinct seats as the threshold released each of them to this actor, so that it can be opened; `possible`: fewer
 * did. Shares of one item add up over all requests of an actor, as A-7 counts them.
 */
export interface Access {
  readonly kind: "access" | "possible" | "refused";
  /** Digest of the request, which every receipt of it names. */
  readonly request: Hex;
  /** The earliest that a keeper noted, YYYY-MM-DDThh:mm:ssZ. */
  readonly at: string;
  readonly actor: Hex;
  /** The name of a person, where the network knows one. */
  readonly person: string | null;
  /** Whom a system account asserted. */
  readonly practitioner: Hex | null;
  /** The member's registered name; null on the patient's side. */
  readonly member: string | null;
  /** Of the person, where the chain still says. */
  readonly role: string | null;
  readonly purpose: string;
  readonly ground: "SELF" | "CONSENT" | "EMERGENCY";
  readonly consentId: Hex | null;
  readonly openingId: Hex | null;
  readonly mandateId: Hex | null;
  /** The account that asserted a current episode. */
  readonly episode: Hex | null;
  readonly records: readonly Hex[];
  /** Categories of those records, each once. */
  readonly categories: readonly string[];
  /** Categories whose seeds were asked for. */
  readonly seeds: readonly string[];
  /** Seats that signed it, ascending. */
  readonly keepers: readonly number[];
  /** Of the committee whose shares these keepers hold. */
  readonly threshold: number;
  /** Why it was refused, by name; none of a release. */
  readonly reasons: readonly string[];
  /** `on-chain`: every receipt of it leads to a root there; `signed`: by the keepers, and some not on chain yet. */
  readonly proven: "on-chain" | "signed";
}

/** What the account lacks, or what does not hold; `member` is the keeper's registered name. */
export type Missing = { readonly seat: number; readonly member: string } & (
  | { /** Told nothing, or not to its end. */ readonly kind: "untold"; readonly code: string }
  | { /** Receipts were not on chain yet when it told them. */ readonly kind: "waiting"; readonly receipts: number }
  | {
      /** As many `others` noted requests that it does not show, all after `since`; most likely it was not asked. */
      readonly kind: "silent";
      readonly requests: number;
      readonly others: number;
      readonly since: string | null;
    }
  | {
      /** It told what does not hold: the first link that fails, as A-6 names it, and the receipt's number. */
      readonly kind: "false";
      readonly link: string;
      readonly seq: number | null;
      /** Of `agreement`: who told the same request otherwise. Which of the two is wrong, nobody can tell from here. */
      readonly other?: { readonly seat: number; readonly member: string };
    }
);

export interface AccountOfAccesses {
  /** Newest first. */
  readonly accesses: readonly Access[];
  readonly missing: readonly Missing[];
  readonly verified: {
    /** Whose signatures held. */
    readonly receipts: number;
    /** That were read on chain. */
    readonly roots: number;
    /** That told to their end, … */
    readonly keepers: number;
    /** … of those that were asked. */
    readonly asked: number;
    /** The block that the roots were read at. */
    readonly head: number;
  };
  /** The file that `consentry verify` reads. */
  readonly file: Bytes;
}

export interface AccountOptions {
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Of receipts of all keepers together, as much as a page holds. */
const MOST_RECEIPTS = 100_000;
/** A page that holds fewer counts as so many: who gives empty ones for ever is soon not asked any more. */
const LEAST_COUNTED = 50;
/** Keepers asked together. */
const AT_ONCE = 8;
/** What a keeper told cannot be held against a chain that does not answer that. */
const UNPROVABLE = "chain-unreachable";

/** What one keeper told, in order; `problem`: why it told no more. */
interface Told {
  readonly keeper: SeatedKeeper;
  readonly pages: Page[];
  /** Receipts that hold by themselves, in order. */
  readonly shown: Shown[];
  complete: boolean;
  problem: Failure | null;
  broken: Broken | null;
  /** The first receipt of a request that another keeper, told of before it, noted otherwise. */
  contradicts: Hex | null;
}

/**
 * The account of the patient whose session this is, from every keeper that the chain ever named, proven there.
 *
 * Throws Problem: chain-unreachable, chain-wrong, gateway-unreachable; AbortError. Keepers that fail are named instead.
 */
export const account = (reading: ReadingSession, network: Network, options: AccountOptions = {}): Promise<AccountOfAccesses> =>
  spoken(() => accounted(reading, network, options));

async function accounted(
  reading: ReadingSession,
  network: Network,
  { progress, signal }: AccountOptions,
): Promise<AccountOfAccesses> {
  const chain = chainOf(network);
  const [clock, committees, members, head] = await Promise.all([
    clockOf(chain),
    committeesOf(chain),
    membersOf(chain),
    getBlockNumber(chain.client, { cacheTime: 0 }),
  ]);
  const asker = { reading, chain, clock, committees, signal };
  const keepers = everyKeeper(committees);
  const proofs = new Proofs(chain);
  const tally = new AccountTally(committees);
  let done = 0;
  progress?.(0, keepers.length);
  const told = await someAtOnce(keepers, AT_ONCE, async (keeper) => {
    const one = await tell(keeper, asker, proofs, Math.floor(MOST_RECEIPTS / keepers.length));
    progress?.(++done, keepers.length);
    return one;
  });
  // a chain that answers nobody any more is no keeper's fault
  if (told.some(({ problem }) => problem?.code === UNPROVABLE)) await getBlockNumber(chain.client, { cacheTime: 0 });
  for (const one of told) count(one, tally);
  const names = new Map(members.map(({ address, name }) => [address, name]));
  return {
    accesses: await accessesOf(tally, chain, names),
    missing: told.flatMap((one) => missingOf(one, tally, keepers, names)),
    verified: {
      receipts: [...tally.requests.values()].reduce((sum, { receipts }) => sum + receipts.length, 0),
      roots: proofs.roots,
      keepers: told.filter(({ complete, broken }) => complete && broken === null).length,
      asked: keepers.length,
      head: Number(head),
    },
    file: accountFile(told, reading.patient, network, clock.now(), await deployment()),
  };
}

async function tell(keeper: SeatedKeeper, asker: Asker, proofs: Proofs, most: number): Promise<Told> {
  const { reading, chain, committees } = asker;
  const told: Told = { keeper, pages: [], shown: [], complete: false, problem: null, broken: null, contradicts: null };
  const checked = new Pages(keeper.account, { patient: reading.patient, chainId: chain.chainId, committees, proofs });
  try {
    for (let after: number | null = 0, left = most; after !== null; ) {
      if (left <= 0) throw new KeeperFailed("too-many-receipts", "silent");
      const page: Page = await receiptsPage(keeper, after, asker);
      told.pages.push(page);
      await checked.check(page, (one) => told.shown.push(one));
      left -= Math.max(page.evidence.length, LEAST_COUNTED);
      after = page.next;
    }
    told.complete = true;
    if ((await nextSeqOf(chain, keeper.account)) < checked.committedUntil) throw new Broken("contiguity");
  } catch (error) {
    asker.signal?.throwIfAborted();
    if (error instanceof Broken) told.broken = error;
    // what the chain does not answer about this keeper's proofs ends no other's account
    else told.problem = failureOf(keeper, error instanceof BaseError ? new KeeperFailed(UNPROVABLE, "silent") : error);
  }
  return told;
}

/** In the order of the file, whoever answered first: so that it comes to the same verdict as `consentry verify`. */
function count(told: Told, tally: AccountTally): void {
  for (const [at, shown] of told.shown.entries()) {
    const other = tally.add(shown);
    if (other === null) continue;
    // nothing after it counts: neither what it told nor what failed later
    told.shown.length = at;
    told.complete = false;
    told.problem = null;
    told.broken = new Broken("agreement", shown.receipt.seq);
    told.contradicts = other;
    return;
  }
}

function missingOf(told: Told, tally: AccountTally, keepers: readonly SeatedKeeper[], names: ReadonlyMap<Hex, string>): Missing[] {
  const { shown, complete, problem, broken, contradicts } = told;
  const placeOf = ({ seat, member }: SeatedKeeper): { seat: number; member: string } => ({ seat, member: names.get(member) ?? member });
  const place = placeOf(told.keeper);
  const against = keepers.find(({ account }) => account === contradicts);
  const other = against === undefined ? {} : { other: placeOf(against) };
  const waiting = shown.filter(({ proven }) => !proven).length;
  const silence = complete ? tally.silence(told.keeper.account) : null;
  return [
    ...(problem !== null ? [{ ...place, kind: "untold" as const, code: problem.code }] : []),
    ...(broken !== null ? [{ ...place, kind: "false" as const, link: broken.link, seq: broken.seq, ...other }] : []),
    ...(waiting > 0 ? [{ ...place, kind: "waiting" as const, receipts: waiting }] : []),
    ...(silence !== null ? [{ ...place, kind: "silent" as const, ...silence }] : []),
  ];
}
