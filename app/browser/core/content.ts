/** What the gateway hands out without understanding it (W-15, W-16, W-78, W-114): sealed entries by tag, and content by its
 * id. Nothing of it is believed. */

import { unbase64, type Bytes, type Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import { LayoutInvalid } from "../layouts/errors";
import { account, cid, digest, integer, list, oneOf } from "../layouts/fields";
import { parseProof, type Proof } from "../layouts/merkle";
import { about, call, Problem } from "./api";
import { read } from "./bounded";

/** Of tags in one question. */
export const MOST_TAGS = 2_000;
/** Of entries that one question names as held. */
const MOST_HELD = 1_000;
/** An honest author files one row under a tag. */
const ROWS_A_TAG = 64;
const TIMEOUT_MILLISECONDS = 60_000;
const PATIENCE = 6;

export interface LookUp {
  readonly author: Hex;
  readonly tags: readonly Hex[];
}

/** One row of an anchored manifest, as the gateway says. */
export interface Row {
  readonly author: Hex;
  readonly tag: Hex;
  readonly cid: string;
  /** The record digest that the author put there. */
  readonly digest: Hex;
  readonly root: Hex;
  readonly position: number;
  readonly state: "stored" | "held" | "missing" | "erased";
  /** Both stand exactly where the entry is stored. */
  readonly sealed: Bytes | null;
  readonly proof: Proof | null;
}

/** What whoever asks has had before: the gateway need not send it again. */
export interface Held {
  readonly has: (row: Row) => boolean;
  /** Ids of the entries under a tag. */
  readonly ids: (author: Hex, tag: Hex) => readonly string[];
}

export interface Looked {
  readonly rows: readonly Row[];
  /** The gateway's index has not reached the chain's head. */
  readonly behind: boolean;
  /** Authors of manifests that it lacks since a short while, and since long. */
  readonly missingOf: ReadonlySet<Hex>;
  readonly abandonedOf: ReadonlySet<Hex>;
  /** Authors who filed more under one tag than a reader looks at. */
  readonly crowded: ReadonlySet<Hex>;
}

interface Answer {
  readonly hits: Json;
  readonly left: Json;
  readonly incomplete: { readonly behind: boolean; readonly missingOf: Json; readonly abandonedOf: Json; readonly crowded: Json };
}

function row(value: Json): Row {
  const from = value as { readonly [key: string]: Json };
  const state = oneOf(from.state, ["stored", "held", "missing", "erased"], "state") as Row["state"];
  const stored = state === "stored";
  return {
    author: account(from.author, "author"),
    tag: digest(from.tag, "tag"),
    cid: cid(from.cid, "cid"),
    digest: digest(from.digest, "digest"),
    root: digest(from.root, "root"),
    position: integer(from.position, "position"),
    state,
    sealed: stored ? unbase64(from.entry as string) : null,
    proof: stored ? parseProof(from.proof) : null,
  };
}

function lookUpOf(value: Json): LookUp {
  const from = value as { readonly [key: string]: Json };
  return {
    author: account(from.author, "left.author"),
    tags: list(from.tags, "left.tags", 1, MOST_TAGS).map((one) => digest(one, "left.tags")),
  };
}

const accounts = (value: Json): Hex[] => list(value, "incomplete", 0, 10_000).map((one) => account(one, "incomplete"));

/** Whatever the gateway gives that is not what it was asked for is its own mistake. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LayoutInvalid || error instanceof TypeError) throw new Problem("gateway-wrong", "", null, null);
    throw error;
  }
}

/**
 * At most MOST_TAGS tags. Rows of tags that were not asked for are left out. A row that the gateway takes for held, and that
 * is not, is asked for anew. Throws Problem.
 */
export async function lookUp(lookUps: readonly LookUp[], signal?: AbortSignal, held?: Held): Promise<Looked> {
  const found = await lookUpOnce(lookUps, signal, held);
  const lacked = held === undefined ? [] : found.rows.filter((row) => row.state === "held" && !held.has(row));
  if (lacked.length === 0) return found;
  const anew = new Map(lacked.map(({ author, tag }) => [author + tag, { author, tags: [tag] }]));
  const whole = await lookUpOnce([...anew.values()], signal);
  return {
    rows: [...found.rows.filter(({ author, tag }) => !anew.has(author + tag)), ...whole.rows],
    behind: found.behind || whole.behind,
    missingOf: new Set([...found.missingOf, ...whole.missingOf]),
    abandonedOf: new Set([...found.abandonedOf, ...whole.abandonedOf]),
    crowded: new Set([...found.crowded, ...whole.crowded]),
  };
}

const idsOf = (lookUps: readonly LookUp[], held: Held): string[] =>
  [...new Set(lookUps.flatMap(({ author, tags }) => tags.flatMap((tag) => held.ids(author, tag))))].slice(0, MOST_HELD);

async function lookUpOnce(lookUps: readonly LookUp[], signal?: AbortSignal, held?: Held): Promise<Looked> {
  const rows: Row[] = [];
  const [missingOf, abandonedOf, crowded] = [new Set<Hex>(), new Set<Hex>(), new Set<Hex>()];
  let behind = false;
  let asked = lookUps;
  for (let left = MOST_TAGS; asked.length > 0 && left > 0; left--) {
    const ids = held === undefined ? [] : idsOf(asked, held);
    const body = { lookups: asked, ...(ids.length > 0 && { held: ids }) };
    const answer = await patiently(() => call<Answer>("POST", "/api/index/entries", body), signal);
    asked = checked(() => {
      const named = new Set(asked.flatMap(({ author, tags }) => tags.map((tag) => author + tag)));
      const found = list(answer.hits, "hits", 0, MOST_TAGS * ROWS_A_TAG).map(row);
      rows.push(...found.filter(({ author, tag }) => named.has(author + tag)));
      behind ||= answer.incomplete.behind;
      for (const one of accounts(answer.incomplete.missingOf)) missingOf.add(one);
      for (const one of accounts(answer.incomplete.abandonedOf)) abandonedOf.add(one);
      for (const one of accounts(answer.incomplete.crowded)) crowded.add(one);
      return list(answer.left, "left", 0, MOST_TAGS).map(lookUpOf);
    });
  }
  if (asked.length > 0) throw new Problem("gateway-wrong", "", null, null);
  return { rows, behind, missingOf, abandonedOf, crowded };
}

interface Together {
  readonly blobs: Json;
}

/** Content as `blob` gives it, by its id: what of it is small and here. What is left out is asked for by itself. Throws Problem. */
export async function someBlobs(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Bytes>> {
  const { blobs } = await patiently(() => call<Together>("POST", "/api/blobs", { cids: ids }, {}, signal), signal);
  return checked(
    () => new Map(list(blobs, "blobs", 0, ids.length).map((one) => {
      const { cid: id, content } = one as { readonly [key: string]: Json };
      return [cid(id, "cid"), unbase64(content as string)] as const;
    })),
  );
}

/** Content as it lies in the store, of at most `most` bytes. Throws Problem: blob-missing, blob-too-large and the like. */
export async function blob(id: string, most: number, signal?: AbortSignal): Promise<Bytes> {
  return patiently(async () => {
    const limits = [AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...(signal ? [signal] : [])];
    let response: Response;
    let raw: Bytes | null;
    try {
      const how = { credentials: "same-origin", cache: "no-store", redirect: "error", headers: about() } as const;
      response = await fetch(`/api/blobs/${id}`, { ...how, signal: AbortSignal.any(limits) });
      raw = await read(response, most);
    } catch {
      signal?.throwIfAborted();
      throw new Problem("gateway-unreachable", "", null, null);
    }
    if (raw === null) throw new Problem("blob-too-large", "", null, null);
    if (!response.ok) throw new Problem(codeOf(raw), "", null, null);
    return raw;
  }, signal);
}

function codeOf(raw: Bytes): string {
  try {
    const { code } = JSON.parse(new TextDecoder().decode(raw)) as { code?: unknown };
    return typeof code === "string" ? code : "unknown";
  } catch {
    return "unknown";
  }
}

/** Once more after a while where the gateway asks for patience (429). */
async function patiently<T>(once: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await once();
    } catch (error) {
      const wait = error instanceof Problem && error.code === "rate-limited" && attempt < PATIENCE;
      if (!wait) throw error;
      await new Promise((settle) => setTimeout(settle, 250 * 2 ** attempt));
    }
  }
}
