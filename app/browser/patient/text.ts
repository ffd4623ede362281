/** What the page says, in the languages it speaks. Terms themselves come in words from the gateway. */

import type { Language, Status } from "./api";

export interface Text {
  readonly page: string;
  readonly servedBy: (member: string) => string;
  readonly otherLanguage: string;
  readonly intro: string;
  readonly promise: string;
  readonly loading: string;
  readonly wallet: { readonly title: string; readonly choose: string; readonly none: string; readonly noneHow: string };
  readonly connectWith: (name: string) => string;
  readonly yourWallet: string;
  readonly lookAtWallet: string;
  readonly signedIn: string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly accountChanged: string;
  readonly staff: string;
  readonly directory: {
    readonly title: string;
    readonly closed: string;
    readonly open: (version: number) => string;
    readonly action: string;
    readonly making: (done: number, of: number) => string;
    readonly opened: string;
  };
  readonly consents: Readonly<Record<"title" | "proposed" | "active" | "ended" | "none" | "exact" | "exactHint" | "said", string>>;
  readonly status: Readonly<Record<Status, string>>;
  readonly sign: string;
  readonly signHint: string;
  readonly relayOver: string;
  readonly granted: string;
  readonly revoke: string;
  readonly revokeTitle: string;
  readonly revokeMeans: readonly string[];
  readonly revokeNow: string;
  readonly keep: string;
  readonly revoked: string;
  readonly recorded: (transaction: string) => string;
  readonly uses: (limit: number) => string;
  readonly fields: Readonly<
    Record<
      | "recipient" | "address" | "roles" | "purposes" | "categories" | "confidentiality" | "data" | "authors"
      | "records" | "window" | "relayBefore" | "maxUses" | "salt" | "id",
      string
    >
  >;
  readonly noLimit: string;
  readonly failures: Readonly<
    Record<
      | "rejected" | "pending" | "wrong-chain" | "no-account" | "failed" | "gateway-unreachable" | "mismatch"
      | "sign-in-mismatch" | "cannot-seal" | "insecure" | "unexpected",
      string
    >
  >;
  readonly reference: (id: string) => string;
  readonly retry: string;
}

const en: Text = {
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
      "Stopped for your safety: the sign-in text names another site, account or network. Nothing was signed. Tell the hospital.",
    "cannot-seal": "The keepers’ keys could not be used. Nothing was changed. Tell the hospital.",
    insecure: "This page needs a secure connection (https). Open it by its https address.",
    unexpected: "Something failed in this page. Reload it and try again; nothing was signed by this.",
  },
  reference: (id) => `Reference for support: ${id}`,
  retry: "Try again",
};

const zh: Text = {
  page: "我的授权",
  servedBy: (member) => `由 ${member} 提供`,
  otherLanguage: "English",
  intro: "在这里，由您决定谁可以读取您健康档案的哪一部分、用于什么目的、到什么时候为止。",
  promise: "您用自己的钱包签名，不需要付任何费用，也绝不会有人向您索要助记词。",
  loading: "正在载入……",
  wallet: {
    title: "连接您的钱包",
    choose: "钱包用来证明是您本人。它会先请您登录；登录并不会签署任何授权。",
    none: "在这个浏览器中没有找到钱包。",
    noneHow: "请安装浏览器钱包，或在钱包应用自带的浏览器中打开本页，然后重新载入。",
  },
  connectWith: (name) => `连接 ${name}`,
  yourWallet: "您的钱包",
  lookAtWallet: "请查看您的钱包：它正在请您确认。",
  signedIn: "当前登录账户",
  signOut: "退出登录",
  signedOut: "您已退出登录。",
  accountChanged: "您的钱包切换到了另一个账户，因此已在此处退出登录。",
  staff: "此账户属于机构工作人员。本页供患者使用。",
  directory: {
    title: "您的目录",
    closed:
      "医院为您归档病历之前，需要先打开一次您的目录。密钥由您的浏览器生成，并拆分给多个相互独立的保管方；没有任何一方持有完整密钥，您也无需保管任何东西。",
    open: (version) => `已打开（第 ${version} 版）。医院归档的病历，只有您许可的人才能找到。`,
    action: "打开我的目录",
    making: (done, of) => `正在生成密钥：${done} / ${of} 类`,
    opened: "您的目录已打开。",
  },
  consents: {
    title: "授权",
    proposed: "等待您签名",
    active: "生效中",
    ended: "已结束",
    none: "目前没有等待您处理的授权。医院提出授权请求后会显示在这里。",
    exact: "完整条款（与钱包中显示的一致）",
    exactHint: "签名前请核对：以钱包中显示的内容为准。",
    said: "授权内容",
  },
  status: { proposed: "未签名", active: "生效中", revoked: "已撤销", expired: "已到期" },
  sign: "用钱包签名",
  signHint: "共享账本上只记录指纹和有效期，不记录条款内容。",
  relayOver: "此请求的签名期限已过，请让对方重新提出。",
  granted: "您的授权已生效。",
  revoke: "撤销……",
  revokeTitle: "撤销意味着什么",
  revokeMeans: ["从现在起，不会再依据此授权提供任何内容。", "已经被读取的内容无法收回。", "撤销不可恢复。如需再次允许，请签署新的授权。"],
  revokeNow: "用钱包撤销",
  keep: "保留授权",
  revoked: "已撤销。不会再依据此授权提供任何内容。已经被读取的内容无法收回。",
  recorded: (transaction) => `记录于交易 ${transaction}`,
  uses: (limit) => `由于每个保管方各自计数，每份病历最多总共可被提供 ${limit} 次。`,
  fields: {
    recipient: "谁可以读取", address: "对方账户", roles: "角色", purposes: "目的", categories: "类别",
    confidentiality: "保密级别上限", data: "数据起止", authors: "由谁书写", records: "病历", window: "有效期起止",
    relayBefore: "签名期限", maxUses: "使用次数", salt: "随机盐", id: "授权编号",
  },
  noLimit: "不限",
  failures: {
    rejected: "您在钱包中拒绝了请求。没有签署任何内容，一切保持不变。",
    pending: "您的钱包中还有一个未处理的请求。请先完成它，再重试。",
    "wrong-chain": "您的钱包处于另一个网络。请切换到请求中所示的网络后重试。",
    "no-account": "您的钱包没有提供账户。请解锁钱包、选择账户后重试。",
    failed: "您的钱包未能完成此操作。请解锁或重启钱包后重试。",
    "gateway-unreachable": "医院的网关没有响应。请检查网络连接后重试；不会丢失任何内容。",
    mismatch: "为了您的安全已停止：将要签署的内容与此处显示的不一致。没有签署任何内容。请告知医院。",
    "sign-in-mismatch": "为了您的安全已停止：登录文本中的网站、账户或网络不符。没有签署任何内容。请告知医院。",
    "cannot-seal": "无法使用保管方的密钥。没有任何改变。请告知医院。",
    insecure: "本页需要安全连接（https）。请使用 https 地址打开。",
    unexpected: "页面出现故障。请重新载入后重试；没有因此签署任何内容。",
  },
  reference: (id) => `供技术支持参考：${id}`,
  retry: "重试",
};

const TEXTS: Readonly<Record<Language, Text>> = { en, zh };

let current: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export const language = (): Language => current;
export const t = (): Text => TEXTS[current];

export function setLanguage(to: Language): void {
  current = to;
  document.documentElement.lang = to;
  document.title = `Consentry · ${t().page}`;
}

/** An ISO time in the patient's own zone and language. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(current, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}
