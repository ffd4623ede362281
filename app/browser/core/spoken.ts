/** Failures of keepers and of the chain, with the words that the gateway has for their codes (W-18). */

import { BaseError, HttpRequestError, RpcRequestError, TimeoutError, WebSocketRequestError } from "viem";

import { call, Problem } from "./api";

interface Words {
  readonly language: string;
  readonly errors: Readonly<Record<string, { readonly title: string; readonly nextStep: string }>>;
}

/** Does it, and throws what goes wrong as a Problem with words wherever the gateway has some. */
export async function spoken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await inWords(error instanceof BaseError ? chainProblem(error) : error);
  }
}

/** Silence, or what the endpoint refuses to answer; anything else that viem finds is an answer that cannot be. */
function chainProblem(error: BaseError): Problem {
  const silent = [HttpRequestError, RpcRequestError, TimeoutError, WebSocketRequestError];
  const why = error.walk((one) => silent.some((kind) => one instanceof kind));
  return new Problem(why === null ? "chain-wrong" : "chain-unreachable", "", null, null);
}

async function inWords(error: unknown): Promise<unknown> {
  if (!(error instanceof Problem) || error.message !== "" || OWN.has(error.code)) return error;
  const { language, errors } = await call<Words>("GET", "/api/errors");
  const words = errors[error.code];
  return words === undefined ? error : new Problem(error.code, words.title, words.nextStep, null, language);
}

/** Said by this page itself. */
const OWN: ReadonlySet<string> = new Set(["gateway-unreachable", "gateway-wrong", "chain-unreachable", "chain-wrong"]);
