/** A worker of the page: does what it is sent, in order. Nothing is kept but expanded keys, which go with it. */

import { work, type Done, type Job } from "./workshop_jobs";

/** What the page sends, some at once, and what it gets back: the number of the job, and null where it failed for another reason. */
export interface Sent {
  readonly number: number;
  readonly job: Job;
}

export interface Returned {
  readonly number: number;
  readonly done: Done | null;
}

interface Scope {
  onmessage: ((event: MessageEvent<readonly Sent[]>) => void) | null;
  postMessage(message: readonly Returned[]): void;
}

/** A message costs as much as a job: so many go back in one. */
const LOT = 16;

const scope = globalThis as unknown as Scope;

const returned = ({ number, job }: Sent): Promise<Returned> =>
  work(job).then(
    (done) => ({ number, done }),
    () => ({ number, done: null }),
  );

async function inLots(sent: readonly Sent[]): Promise<void> {
  for (let at = 0; at < sent.length; at += LOT) scope.postMessage(await Promise.all(sent.slice(at, at + LOT).map(returned)));
}

scope.onmessage = ({ data }) => {
  // A page that was loaded before this file was replaced speaks otherwise: it is told, and does the work itself.
  if (!Array.isArray(data)) throw new TypeError("another version of the page");
  void inLots(data);
};
