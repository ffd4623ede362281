/** The core in a real page, with its policy, cookies and workers: loaded by the tests beside the page's own scripts. */

import { account } from "../../../app/browser/core/account";
import { network as networkOf } from "../../../app/browser/core/api";
import { read } from "../../../app/browser/core/reading";
import { openReadingSession } from "../../../app/browser/core/reading_session";
import { begin } from "../../../app/browser/core/session";
import { watchWallets, type Wallet } from "../../../app/browser/core/wallets";

const firstWallet = (): Promise<Wallet> =>
  new Promise((settle) => watchWallets((found) => found[0] !== undefined && settle(found[0])));

/** For how long nothing else could run, at most. */
async function longestPause(work: () => Promise<void>): Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    [last, longest] = [now, Math.max(longest, now - last)];
  }, 4);
  await work();
  clearInterval(timer);
  return Math.round(Math.max(longest, performance.now() - last));
}

/** Signs in, reads everything, accounts for it; what came of it and how long it took. */
export async function run(): Promise<object> {
  const network = await networkOf();
  const session = await begin(await firstWallet(), network);
  const opened = await openReadingSession(session);
  const days: string[] = [];
  const steps: number[] = [];
  let someIn = 0;
  let told: object = {};
  const started = performance.now();
  const pause = await longestPause(async () => {
    const found = await read(opened, network, {
      progress: (done) => steps.push(done),
      found: ({ header }) => {
        // As many as the pages show before the rest is open.
        if (days.push(header.date) === 20) someIn = Math.round(performance.now() - started);
      },
    });
    told = { ...told, records: found.records.length, incomplete: found.incomplete, lying: found.lying };
  });
  const readIn = Math.round(performance.now() - started);
  const accountPause = await longestPause(async () => {
    const { verified, missing } = await account(opened, network);
    told = { ...told, verified, missing: missing.filter(({ kind }) => kind === "false" || kind === "untold") };
  });
  const accountedIn = Math.round(performance.now() - started) - readIn;
  return { ...told, first: days[0], newest: [...days].sort().at(-1), steps, someIn, readIn, pause, accountedIn, accountPause };
}
