/** A worker of the page: does what it is sent, in order. Nothing is kept. */

import { work, type Done, type Job } from "./workshop_jobs";

/** What the page sends, and what it gets back: the number of the job, and null where it failed for another reason. */
export interface Sent {
  readonly number: number;
  readonly job: Job;
}

export interface Returned {
  readonly number: number;
  readonly done: Done | null;
}

interface Scope {
  onmessage: ((event: MessageEvent<Sent>) => void) | null;
  postMessage(message: Returned): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data: { number, job } }) => {
  work(job).then(
    (done) => scope.postMessage({ number, done }),
    () => scope.postMessage({ number, done: null }),
  );
};
