/** A keeper that lies with its own key: one page of one receipt, signed, stated and sealed as it should be. */

import { privateKeyToAccount } from "viem/accounts";

import { base64, hex, unbase64, utf8, type Bytes, type Hex } from "../../../app/browser/layouts/bytes";
import { dumps, loads, type Json, type JsonObject } from "../../../app/browser/layouts/canonical";
import { seal } from "../../../app/browser/layouts/hpke";
import { receiptsInfo } from "../../../app/browser/layouts/infos";
import { proof, root } from "../../../app/browser/layouts/merkle";
import { receiptSigningDigest, receiptValue } from "../../../app/browser/layouts/receipts";
import { requestDigest } from "../../../app/browser/layouts/requests";
import { statementDigest, valuesDigest } from "../../../app/browser/layouts/statements";
import { isoOf } from "../../../app/browser/layouts/times";
import type { Change } from "./page";

export interface Liar {
  readonly key: Hex;
  /** Of another keeper, as it handed it out: what the liar's receipt says is the same, but for `says`. */
  readonly receipt: string;
  readonly says: JsonObject;
  /** Undefined: not committed yet. Null: committed in no transaction that it names. */
  readonly transaction?: Hex | null;
}

/** Answers as the page's first keeper: the others are heard only once it was. */
export function liar({ key, receipt, says, transaction }: Liar): Change {
  const account = privateKeyToAccount(key);
  const keeper = account.address.toLowerCase() as Hex;
  const signed = (digest: Bytes): Promise<Hex> => account.sign({ hash: hex(digest) });
  let told = (): void => {};
  const lied = new Promise<void>((settle) => (told = settle));
  return async (url, asked, answer) => {
    if (url.pathname !== "/receipts") return answer;
    const raw = unbase64((JSON.parse(asked) as { request: string }).request);
    const query = loads(raw) as JsonObject;
    if (query.keeper !== keeper) {
      await lied;
      return answer;
    }
    const chainId = query.chainId as number;
    const made = dumps({ ...(loads(unbase64(receipt)) as JsonObject), ...says, keeper, seq: 0 });
    const values = [receiptValue(made)];
    const committed = transaction !== undefined;
    const statement = dumps({
      after: 0, chainId, committedUntil: committed ? 1 : 0, digest: hex(valuesDigest(values)), keeper, last: true,
      patient: query.patient as Json, query: hex(await requestDigest(raw)), seqs: [0], time: isoOf(Math.floor(Date.now() / 1000)),
      until: 1, version: 1,
    });
    const commit = { root: hex(root(values)), firstSeq: 0, transaction: transaction ?? null, count: 1, index: 0, siblings: proof(values, 0).siblings.map(hex) };
    const page = {
      keeper, chainId, next: null,
      receipts: [{ receipt: base64(made), signature: await signed(receiptSigningDigest(chainId, made)), commit: committed ? commit : null }],
      statement: { statement: base64(statement), signature: await signed(statementDigest(chainId, statement)) },
    };
    const info = receiptsInfo(await requestDigest(raw));
    const sealed = await seal(unbase64(query.sealTo as string), info, utf8(JSON.stringify(page)));
    told();
    return new Response(JSON.stringify({ sealed: base64(sealed) }), { status: 200 });
  };
}
