/** One keeper's pages, checked from signature to chain; the first link that fails is named (specification ). */

import { hex, unhex, type Hex } from "../layouts/bytes";
import { LayoutError } from "../layouts/errors";
import { verify } from "../layouts/merkle";
import { parseReceipt, receiptValue, type Receipt } from "../layouts/receipts";
import { checkStatementSignature, parseStatement, valuesDigest, type Statement } from "../layouts/statements";
import { seatsOf, type Committee } from "./committees";
import type { Proofs } from "./proofs";
import type { Evidence, Page } from "./receipts";
import { requireReceiptSigned } from "./workshop";

/** A link that does not hold, and the number of the receipt if it is about one. */
export class Broken extends Error {
  constructor(
    readonly link: string,
    readonly seq: number | null = null,
  ) {
    super(link);
    this.name = "Broken";
  }
}

/** A receipt that its keeper signed; `proven`: every link holds, to the root on chain. */
export interface Shown {
  readonly receipt: Receipt;
  readonly proven: boolean;
}

export interface Checking {
  readonly patient: Hex;
  readonly chainId: number;
  readonly committees: readonly Committee[];
  readonly proofs: Proofs;
}

/** How far one keeper's pages go. */
export class Pages {
  private after = 0;
  private root: Hex | null = null;
  private rangeEnd = 0;
  private done = false;
  committedUntil = 0;

  constructor(
    private readonly keeper: Hex,
    private readonly checking: Checking,
  ) {}

  /** The receipts of the page, each to `tell`. Throws Broken at the first thing that fails; what was told before holds. */
  async check(page: Page, tell: (one: Shown) => void): Promise<void> {
    if (this.done) throw new Broken("page");
    const receipts = await inOrder(page.evidence.map((one) => this.signed(one)));
    const statement = await this.stated(page);
    holdAgainst(statement, receipts, page.evidence);
    for (const [at, receipt] of receipts.entries()) {
      tell({ receipt, proven: await this.onChain(page.evidence[at] as Evidence, receipt, statement) });
    }
    this.committedUntil = Math.max(this.committedUntil, statement.committedUntil);
    this.after = statement.until;
    this.done = statement.last;
    if (statement.last && this.rangeEnd > statement.until) throw new Broken("contiguity");
  }

  private async signed({ receipt: raw, signature }: Evidence): Promise<Receipt> {
    const { chainId, patient } = this.checking;
    const seq = sequenceOf(raw);
    try {
      await requireReceiptSigned(chainId, raw, signature, this.keeper);
    } catch (error) {
      throw broken(error, "signature", seq);
    }
    let receipt: Receipt;
    try {
      receipt = parseReceipt(raw);
    } catch (error) {
      throw broken(error, "layout", seq);
    }
    if (receipt.keeper !== this.keeper || receipt.chainId !== chainId) throw new Broken("layout", receipt.seq);
    if (receipt.patient !== patient) throw new Broken("patient", receipt.seq);
    return receipt;
  }

  private async stated(page: Page): Promise<Statement> {
    const { chainId, patient } = this.checking;
    const { bytes, signature } = page.statement;
    let statement: Statement;
    try {
      await checkStatementSignature(chainId, bytes, signature, this.keeper);
      statement = parseStatement(bytes);
    } catch (error) {
      throw broken(error, "statement", null);
    }
    const own = statement.keeper === this.keeper && statement.chainId === chainId && page.keeper === this.keeper;
    if (!own || statement.query !== page.query || page.chainId !== chainId) throw new Broken("statement");
    if (statement.patient !== patient) throw new Broken("patient");
    if (statement.after !== this.after) throw new Broken("page");
    if (page.next !== (statement.last ? null : statement.until)) throw new Broken("page");
    if (page.next !== null && page.next <= statement.after) throw new Broken("page");
    return statement;
  }

  /** Whether it leads to the chain; false while it waits for it. */
  private async onChain({ receipt: raw, commit }: Evidence, { seq, committeeVersion }: Receipt, stated: Statement): Promise<boolean> {
    const seated = seatsOf(committeeVersion, this.checking.committees).has(this.keeper);
    if (commit === null) {
      if (seq < stated.committedUntil) throw new Broken("proof", seq);
      if (!seated) throw new Broken("seat", seq);
      return false;
    }
    const { root, firstSeq, transaction, proof } = commit;
    if (seq !== firstSeq + proof.index || !verify(unhex(root, 32), receiptValue(raw), proof)) throw new Broken("proof", seq);
    const made = await this.checking.proofs.commitsOf(transaction, this.keeper, root);
    const there = made.find((one) => one.keeper === this.keeper && one.root === root);
    if (there?.firstSeq !== firstSeq || there.count !== proof.count) throw new Broken("root", seq);
    if (!seated) throw new Broken("seat", seq);
    if (root !== this.root) {
      if (firstSeq < this.rangeEnd) throw new Broken("contiguity", seq);
      [this.root, this.rangeEnd] = [root, firstSeq + proof.count];
    }
    return true;
  }
}

/** All of these, or what the first of them throws, however they end. */
async function inOrder<T>(these: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(these);
  return ended.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function broken(error: unknown, link: string, seq: number | null): unknown {
  return error instanceof LayoutError ? new Broken(link, seq) : error;
}

/** The number that a receipt claims whose signature or layout does not hold. */
function sequenceOf(raw: Uint8Array): number | null {
  try {
    return parseReceipt(raw).seq;
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

/** Whether these are exactly the receipts that are stated. Throws Broken naming what was done to them. */
function holdAgainst(statement: Statement, receipts: readonly Receipt[], evidence: readonly Evidence[]): void {
  const found = receipts.map(({ seq }) => seq);
  const twice = found.find((seq, at) => found.indexOf(seq) < at);
  if (twice !== undefined) throw new Broken("duplicated", twice);
  const added = found.find((seq) => !statement.seqs.includes(seq));
  if (added !== undefined) throw new Broken("added", added);
  const dropped = statement.seqs.find((seq) => !found.includes(seq));
  if (dropped !== undefined) throw new Broken("dropped", dropped);
  const moved = found.find((seq, at) => seq !== statement.seqs[at]);
  if (moved !== undefined) throw new Broken("reordered", moved);
  if (hex(valuesDigest(evidence.map((one) => receiptValue(one.receipt)))) !== statement.digest) throw new Broken("altered");
}
