/** Reads one task as JSON from standard input, does it as a page of that gateway would, and prints what came of it. */

import { readFileSync, writeFileSync } from "node:fs";

import type { Hex } from "viem";

import { account } from "../../../app/browser/core/account";
import { AccountTally } from "../../../app/browser/core/account_tally";
import { network as networkOf, Problem, type ShownConsent } from "../../../app/browser/core/api";
import { chainOf } from "../../../app/browser/core/chain";
import { committeesOf } from "../../../app/browser/core/committees";
import { Proofs } from "../../../app/browser/core/proofs";
import { isRetractedNow, provenNow } from "../../../app/browser/core/proving";
import { read, type OpenRecord } from "../../../app/browser/core/reading";
import { openReadingSession } from "../../../app/browser/core/reading_session";
import { Broken, Pages } from "../../../app/browser/core/receipt_checks";
import { pageOf } from "../../../app/browser/core/receipts";
import { revokeEverywhere } from "../../../app/browser/core/revoking";
import { endReadingSession } from "../../../app/browser/core/session_ends";
import { begin, type Session } from "../../../app/browser/core/session";
import type { Json, JsonObject } from "../../../app/browser/layouts/canonical";
import { LayoutError } from "../../../app/browser/layouts/errors";
import { parseStatement } from "../../../app/browser/layouts/statements";
import { liar, type Liar } from "./liar";
import { lies } from "./lies";
import { openPage, walletOf } from "./page";

interface Task {
  readonly what: "read" | "account" | "check" | "revoke" | "end" | "prove";
  readonly origin: string;
  readonly key: Hex;
  readonly lie?: string;
  /** A keeper that lies about receipts. */
  readonly liar?: Liar;
  readonly history?: boolean;
  readonly categories?: readonly string[];
  /** Of "account": where the exported file goes. */
  readonly file?: string;
  /** Of "check": the lines of an exported file. */
  readonly lines?: readonly Json[];
  /** Of "revoke": as the gateway shows it. */
  readonly consent?: ShownConsent;
  /** Of "prove": a record of City that was taken back. */
  readonly retracted?: Hex;
  /** By how many seconds this device's clock is wrong. */
  readonly skew?: number;
}

const told = ({ header, author, root, document, replaced, bundle, served, position, proof }: OpenRecord): object => ({
  id: header.recordId,
  category: header.category,
  author: author.name,
  root,
  document,
  replaced,
  bundle,
  placed: position === proof.index,
  served: served.map(({ seat }) => seat),
});

async function reading(session: Session, { history, categories }: Task): Promise<object> {
  const started = performance.now();
  const steps: number[] = [];
  const early: Hex[] = [];
  const keys = watchKeys();
  const found = await read(await openReadingSession(session), session.network, {
    ...(history !== undefined && { history }),
    ...(categories !== undefined && { categories }),
    progress: (done) => steps.push(done),
    found: ({ header }) => early.push(header.recordId),
  });
  const milliseconds = Math.round(performance.now() - started);
  return { ...found, records: found.records.map(told), steps: steps.at(-1) ?? 0, early: early.length, milliseconds, keys };
}

/** Every key pair that is made from now on, and whether the page could take it out. */
function watchKeys(): boolean[] {
  const extractable: boolean[] = [];
  const { subtle } = crypto;
  const make = subtle.generateKey.bind(subtle) as (...how: unknown[]) => Promise<CryptoKeyPair>;
  Object.assign(subtle, {
    generateKey: async (...how: unknown[]) => {
      const pair = await make(...how);
      extractable.push(pair.privateKey.extractable);
      return pair;
    },
  });
  return extractable;
}

/** What the page makes of it, and the file that it exports. */
async function accounting(session: Session, { file }: Task): Promise<object> {
  const steps: number[] = [];
  const started = performance.now();
  const made = await account(await openReadingSession(session), session.network, { progress: (done) => steps.push(done) });
  if (file !== undefined) writeFileSync(file, made.file);
  const { file: _, ...told } = made;
  return { ...told, steps: steps.at(-1) ?? 0, milliseconds: Math.round(performance.now() - started) };
}

/** The verdict on pages that somebody may have changed, as the page would give it had keepers answered so. */
async function checking({ patient, network }: Session, { lines = [] }: Task): Promise<object> {
  const chain = chainOf(network);
  const committees = await committeesOf(chain);
  const place = { patient, chainId: network.chainId, committees, proofs: new Proofs(chain) };
  const tally = new AccountTally(committees);
  const found = new Map<string, Pages>();
  for (const line of lines.filter((one) => (one as JsonObject).statement !== undefined)) {
    const page = pageOf(line, "0x");
    const pages = found.get(page.keeper) ?? new Pages(page.keeper, place);
    found.set(page.keeper, pages);
    try {
      const { query } = parseStatement(page.statement.bytes);
      await pages.check({ ...page, query }, (shown) => {
        if (tally.add(shown) !== null) throw new Broken("agreement", shown.receipt.seq);
      });
    } catch (error) {
      if (error instanceof Broken) return { link: error.link, seq: error.seq };
      if (error instanceof LayoutError) return { link: "statement", seq: null };
      throw error;
    }
  }
  return { link: null, seq: null };
}

async function revoking(session: Session, { consent }: Task): Promise<object> {
  const steps: number[] = [];
  const done = await revokeEverywhere(consent as ShownConsent, session, (acknowledged) => steps.push(acknowledged));
  return { ...done, steps };
}

/** What keepers say to a session that has ended. */
async function ending(session: Session): Promise<object> {
  const opened = await openReadingSession(session);
  await read(opened, session.network);
  const ended = await endReadingSession(opened, session.network);
  const after = await read(opened, session.network).catch((error: unknown) => (error as Problem).code);
  return { ...ended, after };
}

/** The newest record as it was opened, and with one thing in it that is not what was anchored. */
async function proving(session: Session, { retracted }: Task): Promise<object> {
  const { network } = session;
  const { records } = await read(await openReadingSession(session), network, { categories: ["laboratory"] });
  const one = records.at(-1) as OpenRecord;
  const { header, sealing, proof } = one;
  const other = records.find(({ author }) => author.address !== header.author) as OpenRecord;
  const forged: Readonly<Record<string, OpenRecord>> = {
    content: { ...one, header: { ...header, cid: other.header.cid } },
    date: { ...one, header: { ...header, date: "1999-01-01T00:00:00Z" } },
    author: { ...one, header: { ...header, author: other.header.author } },
    sealing: { ...one, sealing: { ...sealing, threshold: sealing.threshold + 1 } },
    root: { ...one, root: other.root },
    count: { ...one, proof: { ...proof, count: proof.count + 1 } },
  };
  const verdicts = await Promise.all(Object.entries(forged).map(async ([name, each]) => [name, await provenNow(each, network)]));
  const gone = { ...one, header: { ...header, recordId: retracted as Hex } };
  return {
    genuine: await provenNow(one, network),
    forged: Object.fromEntries(verdicts),
    gone: [await isRetractedNow(one, network), await isRetractedNow(gone, network)],
  };
}

const TASKS = { read: reading, account: accounting, check: checking, revoke: revoking, end: ending, prove: proving };

const task = JSON.parse(readFileSync(0, "utf-8")) as Task;
const { now } = Date;
Date.now = () => now() + 1000 * (task.skew ?? 0);
openPage(task.origin, task.liar !== undefined ? liar(task.liar) : task.lie === undefined ? undefined : lies(task.lie));
try {
  const network = await networkOf();
  const wallet = walletOf(task.key, network.chainId);
  const done = await TASKS[task.what](await begin(wallet, network), task);
  console.log(JSON.stringify({ ...done, asked: wallet.asked }));
} catch (error) {
  const { code, message, nextStep } = error instanceof Problem ? error : { code: String(error), message: "", nextStep: "" };
  console.log(JSON.stringify({ problem: code, words: [message, nextStep] }));
  if (!(error instanceof Problem)) console.error(error);
}
