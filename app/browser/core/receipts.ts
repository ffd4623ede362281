/** A keeper's receipts about the patient, page by page, sealed to this page (specification K-9, K-10, L-21, L-24). */

import { base64, hex, unbase64, unhex, type Bytes, type Hex } from "../layouts/bytes";
import { dumps, exactly, type Json, type JsonObject } from "../layouts/canonical";
import { account, digest, hexOf, integer, list } from "../layouts/fields";
import { publicKey } from "../layouts/hpke";
import { receiptsInfo } from "../layouts/infos";
import { LayoutError } from "../layouts/errors";
import { parseProof, type Proof } from "../layouts/merkle";
import { requestDigest } from "../layouts/requests";
import { isoOf } from "../layouts/times";
import type { Asker } from "./asking";
import type { SeatedKeeper } from "./committees";
import { KeeperFailed, post } from "./keepers";
import { unsealed } from "./workshop";

/** Of receipts on one page. */
export const PAGE = 200;
const ANSWER_BYTES = 6 * 2 ** 20;
/** How often one page is asked for when the keeper says: too often. */
const PATIENCE = 5;
const MOST_WAIT_SECONDS = 10;

/** Where a receipt stands on chain: the commit of its range, and the proof that leads to its root. */
export interface Commit {
  readonly root: Hex;
  readonly firstSeq: number;
  readonly transaction: Hex | null;
  readonly proof: Proof;
}

/** A receipt as its keeper hands it out; `commit` is null until it is committed. */
export interface Evidence {
  readonly receipt: Bytes;
  readonly signature: Bytes;
  readonly commit: Commit | null;
}

export interface Page {
  readonly keeper: Hex;
  readonly chainId: number;
  readonly evidence: readonly Evidence[];
  readonly next: number | null;
  readonly statement: { readonly bytes: Bytes; readonly signature: Bytes };
  /** Digest of the query that it answers. */
  readonly query: Hex;
  /** As the keeper answered it, for the exported file. */
  readonly told: JsonObject;
}

function commitOf(value: Json): Commit | null {
  if (value === null) return null;
  const from = exactly(value, ["root", "firstSeq", "count", "index", "siblings", "transaction"]);
  const { count, index, siblings } = from;
  return {
    root: digest(from.root, "commit.root"),
    firstSeq: integer(from.firstSeq, "commit.firstSeq"),
    transaction: from.transaction === null ? null : digest(from.transaction, "commit.transaction"),
    proof: parseProof({ count, index, siblings } as Json),
  };
}

function evidenceOf(value: Json): Evidence {
  const from = exactly(value, ["receipt", "signature", "commit"]);
  return {
    receipt: unbase64(from.receipt as string),
    signature: unhex(hexOf(from.signature, "signature", 0, 128)),
    commit: commitOf(from.commit as Json),
  };
}

/** The page of its JSON form. Throws LayoutInvalid. */
export function pageOf(value: Json, query: Hex): Page {
  const from = exactly(value, ["keeper", "chainId", "receipts", "next", "statement"]);
  const stated = exactly(from.statement, ["statement", "signature"]);
  return {
    keeper: account(from.keeper, "page.keeper"),
    chainId: integer(from.chainId, "page.chainId", 1),
    evidence: list(from.receipts, "page.receipts", 0, PAGE).map(evidenceOf),
    next: from.next === null ? null : integer(from.next, "page.next"),
    statement: {
      bytes: unbase64(stated.statement as string),
      signature: unhex(hexOf(stated.signature, "statement.signature", 0, 128)),
    },
    query,
    told: from,
  };
}

async function once(keeper: SeatedKeeper, after: number, { reading, chain, clock, signal }: Asker): Promise<Page> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const query = dumps({
    actor: reading.actor,
    after,
    chainId: chain.chainId,
    issuedAt: isoOf(clock.now()),
    keeper: keeper.account,
    nonce: hex(crypto.getRandomValues(new Uint8Array(16))),
    patient: reading.patient,
    sealTo: base64(await publicKey(seed)),
    session: reading.certificate as unknown as Json,
    type: "receipts",
  });
  const body = { request: base64(query), signature: base64(await reading.sign(query)) };
  const answer = await post(keeper, "/receipts", body, ANSWER_BYTES, signal ?? new AbortController().signal);
  try {
    const asked = await requestDigest(query);
    const raw = await unsealed(seed, receiptsInfo(asked), unbase64(answer.sealed as string));
    return pageOf(JSON.parse(new TextDecoder().decode(raw)) as Json, hex(asked));
  } catch (error) {
    if (error instanceof LayoutError || error instanceof SyntaxError || error instanceof TypeError) {
      throw new KeeperFailed("keeper-misbehaved", "lying");
    }
    throw error;
  }
}

/** The page that starts at number `after`. Throws KeeperFailed; AbortError. */
export async function receiptsPage(keeper: SeatedKeeper, after: number, asker: Asker): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(keeper, after, asker);
    } catch (error) {
      const patience = error instanceof KeeperFailed && error.code === "rate-limited" && attempt < PATIENCE;
      if (!patience) throw error;
      const seconds = Math.min(error.retryAfter ?? 1, MOST_WAIT_SECONDS);
      await new Promise((settle) => setTimeout(settle, seconds * 1000));
    }
  }
}
