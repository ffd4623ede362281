/** Keepers, asked from this page: in parallel, as many answers taken as are needed (design §7; specification K-28). */

import { base64, hex, unbase64, type Bytes, type Hex } from "../layouts/bytes";
import { LayoutError } from "../layouts/errors";
import { requestDigest } from "../layouts/requests";
import type { Json } from "../layouts/canonical";
import { digest, integer } from "../layouts/fields";
import { read } from "./bounded";
import type { Committee, SeatedKeeper } from "./committees";
import { Tally, type Asked, type Failure, type Served } from "./tally";

const SHARE_BYTES = 4_096;
const ANSWER_BYTES = 65_536;
const TIMEOUT_MILLISECONDS = 20_000;
/** Whoever has not answered by then is not waited for alone. */
const SLOW_MILLISECONDS = 3_000;

/** One signed request, and how what comes back for it is opened and checked. */
export interface SignedAsk {
  readonly request: Bytes;
  readonly signature: Bytes;
  readonly items: number;
  /** The sealed shares that a seat needs to be shown, one an item. */
  shares(seat: number): readonly (Bytes | null)[];
  /** The share, once it is the one that was sealed. Throws LayoutError. */
  open(item: number, seat: number, sealed: Bytes): Promise<Bytes>;
}

/** A keeper did not answer with what it was asked for. */
export class KeeperFailed extends Error {
  constructor(
    readonly code: string,
    readonly kind: Failure["kind"],
    /** Seconds after which it wants to be asked again, if it said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(code);
    this.name = "KeeperFailed";
  }
}

const misbehaved = (): KeeperFailed => new KeeperFailed("keeper-misbehaved", "lying");
const hostOf = ({ url }: SeatedKeeper): string => (URL.canParse(url) ? new URL(url).host : url);

export const failureOf = (keeper: SeatedKeeper, error: unknown): Failure => {
  const host = hostOf(keeper);
  if (error instanceof KeeperFailed) return { seat: keeper.seat, host, code: error.code, kind: error.kind };
  if (error instanceof LayoutError) return { seat: keeper.seat, host, code: error.code, kind: "lying" };
  throw error;
};

type Answer = { readonly [key: string]: Json };

/** What a keeper answers to JSON, if that is an object of at most `most` bytes. Throws KeeperFailed. */
export async function post(keeper: Pick<SeatedKeeper, "url">, path: string, body: object, most: number, signal: AbortSignal): Promise<Answer> {
  let response: Response;
  let raw: Bytes | null;
  try {
    response = await fetch(keeper.url + path, {
      method: "POST",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    raw = await read(response, most);
  } catch {
    signal.throwIfAborted();
    throw new KeeperFailed("keeper-unreachable", "silent");
  }
  if (raw === null) throw misbehaved();
  const parsed = objectOf(raw);
  if (response.ok) return parsed;
  const code = typeof parsed.code === "string" ? parsed.code : "keeper-misbehaved";
  const refused = response.status < 500 && response.status !== 429;
  throw new KeeperFailed(code, refused ? "said" : "silent", Number(response.headers.get("Retry-After")) || null);
}

function objectOf(raw: Bytes): Answer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(raw));
  } catch {
    throw misbehaved();
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw misbehaved();
  return parsed as Answer;
}

/** One keeper's sealed share for each item, null where refused, with the receipt that it says it wrote. */
interface Given {
  readonly keeper: SeatedKeeper;
  readonly shares: readonly ({ readonly sealed: Bytes; readonly served: Served | null } | null)[];
}

async function release(keeper: SeatedKeeper, ask: SignedAsk, asked: Hex, signal: AbortSignal): Promise<Given> {
  const shares = ask.shares(keeper.seat).map((share) => (share === null ? null : base64(share)));
  const body = { request: base64(ask.request), signature: base64(ask.signature), shares };
  const answer = await post(keeper, "/release", body, ANSWER_BYTES + 2 * SHARE_BYTES * ask.items, signal);
  const { items } = answer;
  if (answer.digest !== asked || !Array.isArray(items) || items.length !== ask.items) throw misbehaved();
  if (answer.keeper !== keeper.account) throw misbehaved();
  return { keeper, shares: (items as readonly Answer[]).map((one) => shareOf(one, keeper)) };
}

function shareOf(item: Answer | null, { seat, account }: SeatedKeeper): Given["shares"][number] {
  if (item?.decision === "refused") return null;
  if (item?.decision !== "released" || item.seat !== seat) throw misbehaved();
  return { sealed: unbase64(item.share as string), served: servedOf(item.receipt, account, seat) };
}

/** What is said of a receipt counts for nothing here: the account asks for it. */
function servedOf(said: Json | undefined, keeper: Hex, seat: number): Served | null {
  const from = said as Answer | null | undefined;
  try {
    return { keeper, seat, seq: integer(from?.seq, "seq"), receipt: digest(from?.value, "value") };
  } catch {
    return null;
  }
}

/** Who was silent or lied in this session is asked last. */
const doubted = new Set<string>();

/** Whom to ask first, and whom only then: as many as are needed, picked at random. */
function waves({ keepers, former, threshold }: Committee): SeatedKeeper[][] {
  const trusted = shuffled(keepers.filter(({ url }) => !doubted.has(url)));
  const others = [...keepers.filter(({ url }) => doubted.has(url)), ...former];
  if (trusted.length < threshold) return [[...trusted, ...others]];
  const rest = [...trusted.slice(threshold), ...others];
  return rest.length > 0 ? [trusted.slice(0, threshold), rest] : [trusted];
}

function shuffled<T>(of: readonly T[]): T[] {
  const keyed = of.map((one) => [crypto.getRandomValues(new Uint32Array(1))[0] ?? 0, one] as const);
  return keyed.sort(([left], [right]) => left - right).map(([, one]) => one);
}

/** One outcome an item. Throws Problem as Tally.result says; AbortError. */
export async function askKeepers(ask: SignedAsk, committee: Committee, signal?: AbortSignal): Promise<Asked> {
  const tally = new Tally(ask.items, committee.keepers.length, committee.threshold);
  const asked = hex(await requestDigest(ask.request));
  const ended = new AbortController();
  const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  const left = waves(committee);
  const running = new Map<SeatedKeeper, Promise<() => Promise<void>>>();
  const start = (keeper: SeatedKeeper): void => {
    const answered = release(keeper, ask, asked, either).then(
      (given) => () => count(tally, given, ask),
      (error: unknown) => async () => {
        doubted.add(keeper.url);
        tally.failed(failureOf(keeper, error));
      },
    );
    running.set(keeper, answered.then((counted) => () => {
      running.delete(keeper);
      return counted();
    }));
  };
  try {
    for (let late = false; !tally.settled; ) {
      if (left.length > 0 && (late || !tally.reachable(running.size))) left.shift()?.forEach(start);
      if (running.size === 0 && left.length === 0) break;
      const next = await soonest([...running.values()], left.length > 0 ? SLOW_MILLISECONDS : null);
      signal?.throwIfAborted();
      late = next === null;
      await next?.();
    }
  } finally {
    ended.abort();
  }
  return tally.result();
}

/** The first of these, or null once `milliseconds` are over. */
async function soonest<T>(these: readonly Promise<T>[], milliseconds: number | null): Promise<T | null> {
  if (milliseconds === null) return Promise.race(these);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((settle) => {
    timer = setTimeout(() => settle(null), milliseconds);
  });
  try {
    return await Promise.race([...these, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function count(tally: Tally, { keeper, shares }: Given, ask: SignedAsk): Promise<void> {
  let honest = true;
  await Promise.all(
    shares.map(async (share, item) => {
      if (share === null) return tally.refused(item, keeper.seat);
      try {
        if (tally.needs(item)) tally.opened(item, keeper.seat, await ask.open(item, keeper.seat, share.sealed));
        if (share.served !== null) tally.said(item, share.served);
      } catch (error) {
        honest = false;
        tally.lied(failureOf(keeper, error));
      }
    }),
  );
  if (!honest) doubted.add(keeper.url);
  else doubted.delete(keeper.url);
}
