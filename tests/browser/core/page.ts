/** What a page has and Node has not: an address, cookies, and a wallet over a real key. */

import { hexToBytes, type Hex, type TypedDataDefinition } from "viem";
import { privateKeyToAccount } from "viem/accounts";

import type { Wallet } from "../../../app/browser/core/wallets";

/** What becomes of an answer on its way to the page. */
export type Change = (url: URL, asked: string, answer: Response) => Promise<Response>;

const honest: Change = async (_url, _asked, answer) => answer;

/** Makes this process a page of `origin`; `change` stands between it and everybody that it asks. */
export function openPage(origin: string, change: Change = honest): void {
  const cookies = new Map<string, string>();
  const direct = globalThis.fetch;
  Object.assign(globalThis, { location: new URL(origin) });
  globalThis.fetch = async (input, init) => {
    const asked = input instanceof Request ? input : new Request(new URL(String(input), origin), init);
    const own = new URL(asked.url).origin === origin;
    const body = asked.method === "POST" ? await asked.clone().text() : "";
    const headers = new Headers(asked.headers);
    if (own) headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    if (asked.method !== "GET") headers.set("Origin", origin);
    const answer = await direct(asked.url, {
      method: asked.method,
      headers,
      signal: asked.signal,
      ...(asked.method === "POST" && { body }),
    });
    for (const cookie of own ? answer.headers.getSetCookie() : []) {
      const [name, value] = (cookie.split(";")[0] as string).split("=") as [string, string];
      cookies.set(name, value);
    }
    return change(new URL(asked.url), body, answer);
  };
}

/** A wallet on the network's chain that signs whatever it is asked; `asked` lists the methods. */
export function walletOf(key: Hex, chainId: number): Wallet & { readonly asked: string[] } {
  const account = privateKeyToAccount(key);
  const asked: string[] = [];
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    asked.push(method);
    if (method === "eth_requestAccounts") return [account.address];
    if (method === "eth_chainId") return `0x${chainId.toString(16)}`;
    if (method === "personal_sign") return account.signMessage({ message: { raw: hexToBytes(params[0] as Hex) } });
    if (method !== "eth_signTypedData_v4") throw Object.assign(new Error(method), { code: 4200 });
    const { types, ...rest } = JSON.parse(params[1] as string) as TypedDataDefinition & { types: Record<string, unknown> };
    const { EIP712Domain: _, ...own } = types;
    return account.signTypedData({ ...rest, types: own } as TypedDataDefinition);
  };
  return { name: "Node", asked, provider: { request: ({ method, params = [] }) => answer(method, params) } };
}
