/** The page's workers: as many as this device has processors to spare. Without any, the page does the work itself, in breaths. */

import type { Bytes, Hex } from "../layouts/bytes";
import { whenKeysEnd } from "../layouts/keys_end";
import { breathe } from "./breathing";
import type { Checked, Stored, Wanted } from "./entry_checks";
import type { Returned, Sent } from "./worker";
import { checkedOf, openedOf, requireHolds, work, type Done, type Job } from "./workshop_jobs";

const MOST = 4;
const SCRIPT = "worker.js";

interface Waiting {
  readonly job: Job;
  readonly settle: (done: Done | Promise<Done>) => void;
}

async function here(job: Job): Promise<Done> {
  await breathe();
  return work(job);
}

/** One worker, and what it was sent and has not done yet. */
class Hand {
  private readonly waiting = new Map<number, Waiting>();
  private numbers = 0;
  /** What goes with the next message. */
  private outgoing: Sent[] = [];

  constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<readonly Returned[]>) => {
      // One that was replaced since the page was loaded speaks otherwise.
      if (!Array.isArray(data)) return this.dismiss();
      for (const { number, done } of data as readonly Returned[]) {
        const one = this.waiting.get(number);
        this.waiting.delete(number);
        one?.settle(done ?? here(one.job));
      }
    };
    worker.onerror = () => this.dismiss();
  }

  get busy(): number {
    return this.waiting.size;
  }

  do(job: Job): Promise<Done> {
    return new Promise((settle) => {
      const number = this.numbers++;
      this.waiting.set(number, { job, settle });
      if (this.outgoing.push({ number, job }) === 1) queueMicrotask(() => this.send());
    });
  }

  private send(): void {
    this.worker.postMessage(this.outgoing satisfies readonly Sent[]);
    this.outgoing = [];
  }

  /** It did not start, or broke: the page does what it was sent. */
  private dismiss(): void {
    hands = hands?.filter((one) => one !== this) ?? null;
    this.stop(here);
  }

  /** The keys that it expanded go with it; nobody is waited for any more who asked. */
  end(): void {
    this.stop(() => Promise.reject(new DOMException("the sign-in ended", "AbortError")));
  }

  private stop(instead: (job: Job) => Promise<Done>): void {
    this.worker.terminate();
    for (const { job, settle } of this.waiting.values()) settle(instead(job));
    this.waiting.clear();
  }
}

/** Null until there is work. */
let hands: readonly Hand[] | null = null;

whenKeysEnd(() => {
  const ending = hands ?? [];
  hands = null;
  for (const one of ending) one.end();
});

/** What browsers with Trusted Types ask for in place of an address of a script. */
interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): {
    createScriptURL(address: string): unknown;
  };
}

let known: string | null = null;

/** A policy is made once under its name: workers start anew with each sign-in. */
const trusted = (script: string): string => (known ??= trustedFirst(script));

function trustedFirst(script: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  if (policies === undefined) return script;
  // This one script and no other.
  return policies.createPolicy("consentry-worker", { createScriptURL: () => script }).createScriptURL(script) as string;
}

/** Beside the page's own script, wherever this module was put by the bundler. */
function start(): readonly Hand[] {
  const beside = import.meta.url.replace(/\/dist\/.*$/, `/dist/${SCRIPT}`);
  if (typeof Worker === "undefined" || !beside.endsWith(SCRIPT)) return [];
  const script = trusted(beside);
  const count = Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), MOST);
  return Array.from({ length: count }, () => new Hand(new Worker(script, { type: "module" })));
}

function done(job: Job): Promise<Done> {
  hands ??= start();
  const [idlest] = [...hands].sort((left, right) => left.busy - right.busy);
  return idlest === undefined ? here(job) : idlest.do(job);
}

/** As layouts/hpke.open: the plaintext. Throws SealInvalid. */
export const unsealed = async (seed: Bytes, info: Bytes, sealed: Bytes): Promise<Bytes> =>
  openedOf(await done({ kind: "open", seed, info, sealed }));

/** As entry_checks.checkEntry. */
export const entryOf = async (row: Stored, wanted: Wanted): Promise<Checked> =>
  checkedOf(await done({ kind: "entry", row, wanted }));

/** As layouts/receipts.checkReceiptSignature. Throws SignatureInvalid. */
export const requireReceiptSigned = async (chainId: number, raw: Bytes, signature: Bytes, keeper: Hex): Promise<void> =>
  requireHolds(await done({ kind: "receipt", chainId, raw, signature, keeper }));
