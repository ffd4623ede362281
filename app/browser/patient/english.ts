/** The page in English. */

import type { Text } from "./text";

export const english: Text = {
  page: "Your consents",
  servedBy: (member) => `Served by ${member}`,
  otherLanguage: "中文",
  intro: "Here you decide who may read which part of your health record, for what, and until when.",
  promise: "You sign with your own wallet. It costs you nothing, and nobody will ever ask for your recovery phrase.",
  loading: "Loading…",
  wallet: {
    title: "Connect your wallet",
    choose: "Your wallet proves that it is you. First it asks you to sign in; that signs no consent yet.",
    none: "No wallet was found in this browser.",
    noneHow: "Install a browser wallet, or open this page in your wallet app’s own browser, then reload the page.",
  },
  connectWith: (name) => `Connect ${name}`,
  yourWallet: "your wallet",
  lookAtWallet: "Please look at your wallet: it is asking you to confirm.",
  signedIn: "Signed in as",
  signOut: "Sign out",
  signedOut: "You are signed out.",
  accountChanged: "Your wallet switched to another account, so you were signed out here.",
  staff: "This account belongs to a member’s staff. This page is for patients.",
  directory: {
    title: "Your directory",
    closed:
      "Before hospitals can file records for you, your directory has to be opened once. Your browser makes its keys and " +
      "splits them between independent keepers; nobody holds them whole, and there is nothing for you to keep.",
    open: (version) => `Open (version ${version}). Hospitals can file records that only people you permit can find.`,
    action: "Open my directory",
    making: (done, of) => `Making keys: ${done} of ${of} categories`,
    opened: "Your directory is open.",
    renewHint: "With new keys, nobody who could read before can tell that new records exist. Old records stay readable.",
    renew: "Renew the keys",
    renewed: "Your directory has new keys.",
    advised: (since) => `Somebody’s access has ended since its keys were made (${since}): renew them.`,
    withRevocation:
      "Then renew my directory’s keys, so that they cannot tell that new records exist (your wallet asks once more)",
    notRenewed: "Your directory’s keys were not renewed: do so below.",
  },
  consents: {
    title: "Consents",
    proposed: "Waiting for your signature",
    active: "Active",
    ended: "Ended",
    none: "Nothing is waiting for you. When a hospital proposes a consent, it appears here.",
    exact: "The exact terms, as your wallet shows them",
    exactHint: "Compare before you sign: what your wallet shows is what counts.",
    said: "What it said",
  },
  status: { proposed: "Not signed", active: "Active", revoked: "Revoked", expired: "Expired" },
  sign: "Sign with my wallet",
  signHint: "Only a fingerprint and the period go on the shared ledger; the terms do not.",
  relayOver: "The time to sign this proposal is over. Ask for a new one.",
  granted: "Your consent is active.",
  revoke: "Revoke…",
  revokeTitle: "What revoking does",
  revokeMeans: [
    "From now on nothing more is released under this consent.",
    "What was already read cannot be unread.",
    "A former reader may still notice when, where and in which category new records are filed, until your directory’s " +
      "keys are renewed.",
    "It is final. To allow it again, you sign a new consent.",
  ],
  revokeNow: "Revoke with my wallet",
  keep: "Keep it",
  revoked: "Revoked. Nothing more is released under this consent. What was already read cannot be unread.",
  recorded: (transaction) => `Recorded in transaction ${transaction}`,
  uses: (limit) => `Each record can be released at most ${limit} times in all, because each keeper counts for itself.`,
  fields: {
    recipient: "Who may read", address: "Their account", roles: "Roles", purposes: "Purposes", categories: "Categories",
    confidentiality: "Confidentiality up to", data: "Data from – until", authors: "Written by", records: "Records",
    window: "Valid from – until", relayBefore: "To be signed before", maxUses: "Uses", salt: "Salt", id: "Consent id",
  },
  noLimit: "no limit",
  failures: {
    rejected: "You declined in your wallet. Nothing was signed and nothing changed.",
    pending: "Your wallet already has a request open. Finish it there, then try again.",
    "wrong-chain": "Your wallet is on another network. Switch it to the network named in its request and try again.",
    "no-account": "Your wallet shared no account. Unlock it, choose an account and try again.",
    failed: "Your wallet could not do this. Unlock or restart it and try again.",
    "gateway-unreachable": "The hospital’s gateway does not answer. Check your connection and try again; nothing is lost.",
    mismatch:
      "Stopped for your safety: what you would sign is not what is shown here. Nothing was signed. Tell the hospital.",
    "sign-in-mismatch":
      "Stopped for your safety: the sign-in text names another site, account or network. Nothing was signed. Tell the " +
      "hospital.",
    "cannot-seal": "The keepers’ keys could not be used. Nothing was changed. Tell the hospital.",
    insecure: "This page needs a secure connection (https). Open it by its https address.",
    unexpected: "Something failed in this page. Reload it and try again; nothing was signed by this.",
  },
  reference: (id) => `Reference for support: ${id}`,
  retry: "Try again",
};
