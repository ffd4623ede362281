/** What is technically not whole, said once each. */

/** Never what is withheld. The words are the view's. */
export interface Incomplete {
  readonly kind:
    | "index-behind"
    | "keepers-insufficient"
    | "content-missing"
    | "content-corrupt"
    | "content-too-large"
    | "directory-unreadable"
    | "entry-missing"
    | "entry-corrupt"
    | "entry-crowded"
    /** By its author's order, as the gateway says; what it was, nobody can tell any more. */
    | "entry-erased"
    | "ambiguous"
    /** What the gateway gave is not what the chain says. */
    | "gateway-wrong";
  /** The registered name of the member that it concerns. */
  readonly hospital?: string;
  /** How many records. */
  readonly count?: number;
}

export class Notes {
  private readonly said = new Map<string, Incomplete>();

  /** An author cannot make the answer longer by repeating itself. */
  say(one: Incomplete): void {
    this.said.set(JSON.stringify([one.kind, one.hospital, one.count]), one);
  }

  get all(): readonly Incomplete[] {
    return [...this.said.values()];
  }
}
