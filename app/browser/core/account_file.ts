/** The account as a file of lines, as `consentry verify` reads it (specification A-5). */

import { utf8, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { isoOf } from "../layouts/times";
import type { Network } from "./api";
import type { SeatedKeeper } from "./committees";
import type { Broken } from "./receipt_checks";
import type { Page } from "./receipts";
import type { Failure } from "./tally";

interface Told {
  readonly keeper: SeatedKeeper;
  readonly pages: readonly Page[];
  readonly problem: Failure | null;
  readonly broken: Broken | null;
}

/** A header, the pages as keepers answered them, those of one keeper after one another, and an end that counts them. */
export function accountFile(
  told: readonly Told[],
  patient: Hex,
  { chainId }: Network,
  now: number,
  deployment: Json,
): Bytes {
  const header = {
    chainId,
    deployment,
    format: "consentry-account",
    keepersToldBy: "chain",
    patient: `did:ethr:0x${chainId.toString(16)}:${patient}`,
    version: 2,
    writtenAt: isoOf(now),
  };
  const pages = told.flatMap((one) => one.pages);
  const incomplete = told.flatMap(({ keeper, problem, broken }) => {
    if (problem === null && broken === null) return [];
    const host = problem?.host ?? (URL.canParse(keeper.url) ? new URL(keeper.url).host : keeper.url);
    const detail = broken === null ? "" : [broken.link, ...(broken.seq === null ? [] : [`receipt ${broken.seq}`])].join(": ");
    return [{ code: problem?.code ?? "keeper-misbehaved", detail, keeper: host, seat: keeper.seat }];
  });
  const receipts = pages.reduce((sum, { evidence }) => sum + evidence.length, 0);
  const end = { incomplete, pages: pages.length, receipts };
  return utf8([header, ...pages.map((page) => page.told), end].map((line) => `${JSON.stringify(line)}\n`).join(""));
}
