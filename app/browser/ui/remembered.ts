/** Results that all pages of one sign-in share. In memory only; gone when it ends. */

export class Remembered {
  private readonly results = new Map<string, Promise<unknown>>();

  /** The result under this name, made if there is none yet. One that fails is not kept. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const before = this.results.get(name);
    if (before !== undefined) return before as Promise<T>;
    const made = make();
    this.results.set(name, made);
    made.catch(() => {
      if (this.results.get(name) === made) this.results.delete(name);
    });
    return made;
  }

  forget(name: string): void {
    this.results.delete(name);
  }
}

const SIGNED_IN = "consentry-signed-in";

/** In this tab alone, and nothing of who it is: only so that a reload, which signs out, can be told as what it is. */
export function noteSignIn(audience: string, how: "in" | "out"): void {
  if (how === "in") sessionStorage.setItem(SIGNED_IN, audience);
  else sessionStorage.removeItem(SIGNED_IN);
}

/** Whether somebody was signed in on this page before it was loaded anew. Told once. */
export function reloaded(audience: string): boolean {
  const before = sessionStorage.getItem(SIGNED_IN) === audience;
  sessionStorage.removeItem(SIGNED_IN);
  return before;
}
