/** The gateway that serves this page, over its JSON API. Failures arrive as `Problem`, with words and a next step. */

import type { Hex } from "../layouts/bytes";
import type { Json } from "../layouts/canonical";
import type { TypedData } from "../layouts/typed";
import { parsed } from "./decimals";
import { language } from "./language";

export interface Keeper {
  readonly account: Hex;
  readonly url: string;
  readonly seat: number;
  readonly sealingKey: string;
}

export interface Network {
  readonly chainId: number;
  readonly chainName: string;
  readonly rpcUrl: string;
  /** Where this page asks the chain, unless the patient chooses another place. */
  readonly chainUrl?: string;
  readonly contracts: Readonly<Record<string, Hex>>;
  readonly member: { readonly address: Hex; readonly name: string };
  readonly keepers: readonly Keeper[];
  readonly committeeVersion: number;
  readonly threshold: number;
  readonly categories: readonly string[];
}

export interface Me {
  readonly address: Hex;
  readonly role: "patient" | "staff";
  readonly did: string | null;
}

export type Status = "proposed" | "active" | "revoked" | "expired";

export interface ShownConsent {
  readonly id: Hex;
  readonly status: Status;
  readonly consent: Json;
  readonly typedData: TypedData;
  readonly transaction: Hex | null;
  /** When the chain last changed it, if the gateway says. */
  readonly changedAt?: string | null;
  /** The mandate under which it was granted, as the gateway keeps it; none where the patient's own side granted it. */
  readonly under?: { readonly id: Hex; readonly mandate: Json } | null;
}

export interface Relayed {
  readonly transaction: Hex;
  readonly block: number;
}

export interface Directory {
  readonly cid: string | null;
  readonly version: number | null;
  readonly identityNonce: number;
  /** False for one that was withdrawn or that nobody has. */
  readonly inForce?: boolean;
  /** Set when a ground under which its seeds were given has ended. */
  readonly rotation?: { readonly since: string } | null;
}

/** RFC 9457 problem details, or the page's own account of a gateway that did not answer with any. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly nextStep: string | null,
    readonly requestId: string | null,
    /** The language of its words, as the gateway says. */
    readonly language: string = "en",
  ) {
    super(detail);
    this.name = "Problem";
  }
}

// Longer than a relayed transaction takes on a chain with blocks of some seconds.
const TIMEOUT_MILLISECONDS = 60_000;

/** Tabs of one browser share the cookie by which the gateway knows who asks: each request says whom it means (W-80). */
const MEANT = "X-Consentry-For";
let meant = "";

/** From now on this page asks for whoever that is; null: for whoever is signed in. */
export function askFor(who: Me | null): void {
  meant = who === null ? "" : nameOf(who);
}

const nameOf = ({ address, did }: Me): string => (did === null ? address : `${address} ${did}`);
const ANYBODY = { [MEANT]: "" };

/** What every request to the gateway says of this page. */
export const about = (): Readonly<Record<string, string>> => ({
  "X-Consentry-Language": language(),
  ...(meant !== "" && { [MEANT]: meant }),
});

/** Bad Gateway, Service Unavailable, Gateway Timeout (RFC 9110, sections 15.6.3 to 15.6.5). */
const BEFORE_IT: ReadonlySet<number> = new Set([502, 503, 504]);

async function problem(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    if (body.resourceType === "OperationOutcome") return outcome(body as unknown as Outcome, response);
    const text = (key: string): string | null => (typeof body[key] === "string" ? body[key] : null);
    const spoken = response.headers.get("Content-Language") ?? "en";
    // What was wrong in particular is told in English alone.
    const detail = (spoken === "en" ? text("detail") : null) ?? text("title") ?? `HTTP ${response.status}`;
    return new Problem(text("code") ?? "unknown", detail, text("nextStep"), text("requestId"), spoken);
  } catch {
    // A proxy speaks where the gateway behind it does not: nobody knows whether that heard of it.
    if (BEFORE_IT.has(response.status)) return new Problem("gateway-unreachable", "", null, null);
    return new Problem("unknown", `HTTP ${response.status}`, null, null);
  }
}

interface Outcome {
  readonly issue: readonly [
    { readonly diagnostics?: string; readonly details?: { readonly coding?: readonly { readonly code?: string }[] } },
  ];
}

/** Under /fhir a problem is an OperationOutcome, whose diagnostics say what to do next as well. */
function outcome({ issue: [first] }: Outcome, response: Response): Problem {
  const code = first.details?.coding?.[0]?.code ?? "unknown";
  const spoken = response.headers.get("Content-Language") ?? "en";
  return new Problem(code, first.diagnostics ?? "", null, response.headers.get("X-Request-Id"), spoken);
}

/** One question to the gateway that serves the page. Throws `Problem`; the reason of `signal` once that is aborted. */
export async function call<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
  more: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<T> {
  const over = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: signal === undefined ? over : AbortSignal.any([over, signal]),
      headers: {
        Accept: "application/json",
        ...about(),
        ...(body && { "Content-Type": "application/json" }),
        ...more,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch {
    signal?.throwIfAborted();
    throw new Problem("gateway-unreachable", "", null, null);
  }
  if (!response.ok) throw await problem(response);
  if (response.status === 204) return undefined as T;
  try {
    const text = await response.text();
    return (path.startsWith("/fhir/") ? parsed(text) : JSON.parse(text)) as T;
  } catch {
    signal?.throwIfAborted();
    throw new Problem("gateway-unreachable", "", null, null);
  }
}

export const network = (): Promise<Network> => call("GET", "/api/network");
/** Who is signed in, whoever this page asks for. */
export const me = (): Promise<Me> => call("GET", "/api/me", undefined, ANYBODY);
/** Throws Problem sign-in-replaced, not-signed-in where that is not whom this page asks for. */
export const requireMeant = (): Promise<unknown> => call("GET", "/api/me");
export const challenge = (address: Hex): Promise<{ message: string }> =>
  call("POST", "/api/sign-in/challenges", { address });
/** `patient` is the DID of whom to act for; null: the account itself. */
export const signIn = (message: string, signature: Hex, patient: string | null = null): Promise<unknown> =>
  call("POST", "/api/sign-in", { message, signature, ...(patient !== null && { patient }) });
const OVER: ReadonlySet<string> = new Set(["not-signed-in", "sign-in-replaced"]);

/** Ends the sign-in of this one; whoever signed in since in another tab goes on. */
export async function signOut(who: Me | null = null): Promise<void> {
  try {
    await call("DELETE", "/api/sign-in", undefined, { [MEANT]: who === null ? "" : nameOf(who) });
  } catch (error) {
    if (!(error instanceof Problem && OVER.has(error.code))) throw error;
  }
}
export const consents = async (): Promise<readonly ShownConsent[]> =>
  (await call<{ consents: ShownConsent[] }>("GET", "/api/consents")).consents;
export const grant = (id: Hex, signature: Hex): Promise<Relayed> =>
  call("POST", `/api/consents/${id}/grant`, { signature });
export const revoke = (id: Hex, signature: Hex): Promise<Relayed> =>
  call("POST", `/api/consents/${id}/revocation`, { signature });
export const directory = (): Promise<Directory> => call("GET", "/api/directory");
export const fileDirectory = (
  document: string,
  deadline: number,
  signature: Hex,
): Promise<Relayed & { readonly cid: string }> => call("POST", "/api/directory", { document, deadline, signature });
/** Which contracts there are, as an exported account names them: this gateway's word. */
export const deployment = (): Promise<Json> => call("GET", "/api/deployment");
