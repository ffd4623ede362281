/** Browser wallets: found by EIP-6963, spoken to by EIP-1193. */

import { createStore, type EIP1193Provider } from "mipd";

import { hex, utf8, type Hex } from "../layouts/bytes";
import type { TypedData } from "../layouts/typed";
import type { Network } from "./api";

/** What an EIP-1193 provider is, as far as this page uses one. */
export interface Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: unknown) => void): unknown;
}

export interface Wallet {
  readonly name: string;
  readonly provider: Provider;
}

/** Why a wallet did not do what was asked; each kind has its own words. */
export type WalletFailure = "rejected" | "pending" | "wrong-chain" | "no-account" | "failed";

export class WalletError extends Error {
  constructor(readonly kind: WalletFailure) {
    super(kind);
    this.name = "WalletError";
  }
}

const UNKNOWN_CHAIN = 4902;
const REJECTED = 4001;
const PENDING = -32002;

let asking: (open: boolean) => void = () => undefined;

/** Calls back when a wallet is about to ask its owner something, and when it has the answer. */
export function watchAsking(changed: (open: boolean) => void): void {
  asking = changed;
}

const asProvider = (provider: EIP1193Provider): Provider => provider as unknown as Provider;

/** Calls `changed` with every wallet known so far, now and whenever another announces itself. */
export function watchWallets(changed: (wallets: readonly Wallet[]) => void): void {
  const store = createStore();
  const announce = (): void => {
    const found = store.getProviders().map(({ info, provider }) => ({ name: info.name, provider: asProvider(provider) }));
    const injected = (window as { ethereum?: Provider }).ethereum;
    changed(found.length > 0 || injected === undefined ? found : [{ name: "", provider: injected }]);
  };
  store.subscribe(announce);
  announce();
}

function codeOf(error: unknown): number | undefined {
  const from = error as { code?: unknown; data?: { originalError?: { code?: unknown } } } | null;
  // MetaMask's mobile app wraps the code of an unknown chain once more.
  const code = from?.data?.originalError?.code ?? from?.code;
  return typeof code === "number" ? code : undefined;
}

/** What wallets answer without asking their owner. */
const SILENT: readonly string[] = ["eth_chainId", "eth_accounts"];

async function ask(provider: Provider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const silent = SILENT.includes(method);
  if (!silent) asking(true);
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const code = codeOf(error);
    if (code === UNKNOWN_CHAIN) throw error;
    throw new WalletError(code === REJECTED ? "rejected" : code === PENDING ? "pending" : "failed");
  } finally {
    if (!silent) asking(false);
  }
}

/** The account the patient picks in the wallet, in lower case. */
export async function connect(wallet: Wallet): Promise<Hex> {
  const accounts = await ask(wallet.provider, "eth_requestAccounts");
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(first)) throw new WalletError("no-account");
  return first.toLowerCase() as Hex;
}

async function chainOf(provider: Provider): Promise<number> {
  return Number(await ask(provider, "eth_chainId"));
}

/** Brings the wallet onto the network's chain: wallets refuse, or hang on, typed data for another one. Throws WalletError. */
export async function ensureChain(wallet: Wallet, network: Network): Promise<void> {
  try {
    await toChain(wallet, network);
  } catch (error) {
    // "You declined" would not say what about, nor that it is the network that keeps the page from going on.
    throw error instanceof WalletError && error.kind === "rejected" ? new WalletError("wrong-chain") : error;
  }
}

async function toChain({ provider }: Wallet, network: Network): Promise<void> {
  if ((await chainOf(provider)) === network.chainId) return;
  const chainId = `0x${network.chainId.toString(16)}`;
  try {
    await ask(provider, "wallet_switchEthereumChain", [{ chainId }]);
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_CHAIN) throw error;
    // The gateway tells no node whose address might hold a key: the patient adds the chain by hand.
    if (network.rpcUrl === "") throw new WalletError("wrong-chain");
    const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
    const chain = { chainId, chainName: network.chainName, rpcUrls: [network.rpcUrl], nativeCurrency };
    await ask(provider, "wallet_addEthereumChain", [chain]);
    // Some wallets add a chain without moving to it.
    if ((await chainOf(provider)) !== network.chainId) await ask(provider, "wallet_switchEthereumChain", [{ chainId }]);
  }
  if ((await chainOf(provider)) !== network.chainId) throw new WalletError("wrong-chain");
}

function signature(value: unknown): Hex {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{130,}$/.test(value)) throw new WalletError("failed");
  return value as Hex;
}

export async function signText(wallet: Wallet, account: Hex, text: string): Promise<Hex> {
  return signature(await ask(wallet.provider, "personal_sign", [hex(utf8(text)), account]));
}

export async function signTyped(wallet: Wallet, account: Hex, data: TypedData): Promise<Hex> {
  return signature(await ask(wallet.provider, "eth_signTypedData_v4", [account, JSON.stringify(data)]));
}

/** Calls back once the wallet's account is no longer `account`. */
export function watchAccount(wallet: Wallet, account: Hex, left: () => void): void {
  wallet.provider.on?.("accountsChanged", (accounts) => {
    const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    if (typeof first !== "string" || first.toLowerCase() !== account) left();
  });
}
