/** Entry of the patient's page. */

import * as api from "./api";
import { consentList } from "./consents";
import { directoryCard } from "./directory";
import { button, byId, element } from "./dom";
import { attempt, fail, goTo, say } from "./page";
import { begin, type Session } from "./session";
import { language, setLanguage, t } from "./text";
import { watchAccount, watchWallets, type Wallet } from "./wallets";

let network: api.Network | null = null;
let wallets: readonly Wallet[] = [];
let session: Session | null = null;

function frame(): void {
  byId("page-title").textContent = t().page;
  byId("intro").textContent = t().intro;
  byId("promise").textContent = t().promise;
  byId("served-by").textContent = network === null ? "" : t().servedBy(network.member.name);
  const other = byId("language");
  other.textContent = t().otherLanguage;
  other.lang = language() === "en" ? "zh" : "en";
}

function connectCard(served: api.Network): HTMLElement {
  const title = element("h2", { id: "wallet-title" }, t().wallet.title);
  const choices = wallets.map((wallet) =>
    button(t().connectWith(wallet.name || t().yourWallet), "primary", () => attempt(() => enter(wallet, served))),
  );
  const found = [element("p", {}, t().wallet.choose), element("div", { class: "actions" }, ...choices)];
  const none = [element("p", {}, element("strong", {}, t().wallet.none)), element("p", {}, t().wallet.noneHow)];
  return element(
    "section",
    { class: "card", "aria-labelledby": "wallet-title" },
    title,
    ...(choices.length > 0 ? found : none),
  );
}

function accountBar({ account }: Session): HTMLElement {
  return element(
    "div",
    { class: "account" },
    element("span", {}, t().signedIn, " ", element("code", { class: "hash" }, account)),
    button(t().signOut, "plain", () => attempt(() => leave(t().signedOut))),
  );
}

async function enter(wallet: Wallet, served: api.Network): Promise<void> {
  const opened = await begin(wallet, served);
  session = opened;
  watchAccount(wallet, opened.account, () => {
    if (session === opened) void attempt(() => leave(t().accountChanged));
  });
  await show();
  goTo(byId("content").querySelector("h2"));
}

async function leave(why: string): Promise<void> {
  session = null;
  await show();
  await api.signOut();
  say(why);
}

/** Draws what is known now; with a session, what the gateway says now. */
async function show(focus?: string): Promise<void> {
  frame();
  const content = byId("content");
  const opened = session;
  if (opened === null) {
    content.replaceChildren(...(network === null ? [] : [connectCard(network)]));
    return;
  }
  if (opened.role !== "patient") {
    content.replaceChildren(accountBar(opened), element("p", { class: "warning" }, t().staff));
    return;
  }
  const [directory, consents] = await Promise.all([api.directory(), api.consents()]);
  if (session !== opened) return; // signed out while waiting
  content.replaceChildren(
    accountBar(opened),
    ...(directory.cid === null ? [directoryCard(directory, opened, show)] : []),
    consentList(consents, opened, show),
    ...(directory.cid === null ? [] : [directoryCard(directory, opened, show)]),
  );
  if (focus !== undefined) goTo(document.getElementById(focus));
}

async function start(): Promise<void> {
  say(t().loading);
  try {
    network = await api.network();
  } catch (error) {
    fail(error, button(t().retry, "primary", start));
    return;
  }
  say();
  await attempt(show);
}

setLanguage(language());
frame();
byId("language").addEventListener("click", () => {
  setLanguage(language() === "en" ? "zh" : "en");
  say();
  void attempt(show);
});
watchWallets((found) => {
  wallets = found;
  if (session === null) void attempt(show);
});
// Without a secure context a browser has neither WebCrypto nor, in most wallets, a provider.
if (window.isSecureContext) void start();
else byId("problem").replaceChildren(element("p", {}, t().failures.insecure));
