/** Consents: what they say, signing and revoking them. The terms have their words in consent_words. */

import type { Status } from "../core/api";
import { inBoth } from "../core/language";

interface Consents {
  readonly list: Readonly<
    Record<"title" | "proposed" | "active" | "ended" | "none" | "exact" | "exactHint" | "said", string>
  > & { readonly older: (count: number) => string };
  readonly status: Readonly<Record<Status, string>>;
  readonly sign: string;
  readonly signHint: string;
  readonly relayOver: string;
  readonly changeDraft: string;
  readonly draftOver: string;
  readonly granted: string;
  readonly revoke: string;
  readonly change: string;
  readonly changeNot: string;
  readonly drop: string;
  readonly dropMeans: string;
  readonly dropNow: string;
  readonly dropped: string;
  readonly instead: string;
  readonly beside: string;
  readonly held: (purposes: string, categories: string, until: string) => string;
  readonly any: string;
  readonly more: (first: string, count: number) => string;
  readonly meanwhile: string;
  readonly replaced: string;
  readonly keepers: string;
  readonly acknowledging: (count: number, of: number) => string;
  readonly acknowledged: (count: number, of: number, reach: "all" | "enough" | "few") => string;
  readonly notRecorded: string;
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
  readonly differs: string;
  readonly unasked: string;
  /** What the letters of a confidentiality mean, beside them. */
  readonly grades: Readonly<Record<string, string>>;
}

const en: Consents = {
  list: {
    title: "Consents",
    proposed: "Waiting for your signature",
    active: "Active",
    ended: "Ended",
    none: "Nothing is waiting for you. When a hospital proposes a consent, it appears here.",
    exact: "The exact terms, as your wallet shows them",
    exactHint: "Compare before you sign: what your wallet shows is what counts.",
    said: "What it said",
    older: (count) => `${count} more that have ended`,
  },
  status: { proposed: "Not signed", active: "Active", revoked: "Revoked", expired: "Expired" },
  sign: "Sign with my wallet",
  signHint: "Only a fingerprint and the period go on the shared ledger; the terms do not.",
  changeDraft: "Change something",
  draftOver: "The time to sign this is over. Press “Change something”, and have it shown again.",
  relayOver: "The time to sign this proposal is over. Ask for a new one.",
  granted: "Your consent is active.",
  revoke: "Revoke…",
  change: "Change…",
  changeNot: "It says more than the form here can show, so it cannot be changed here. You can revoke it, and give a new one.",
  drop: "I don’t want this",
  dropMeans: "The request disappears, and nothing was signed. A hospital can ask again.",
  dropNow: "Remove it",
  dropped: "Removed. Nothing was signed.",
  instead: "Takes the place of",
  beside: "none: it holds beside those that you have",
  held: (purposes, categories, until) => `${purposes}: ${categories}, until ${until}`,
  any: "anything",
  more: (first, count) => `${first} and ${count} more`,
  meanwhile: "This was decided meanwhile, perhaps in another tab or on another device. Nothing was signed again.",
  replaced: "Your new consent is active, and the former one has ended.",
  keepers: "Keepers that have acknowledged",
  acknowledging: (count, of) => `${count} of ${of} keepers have acknowledged`,
  acknowledged: (count, of, reach) =>
    `${count} of ${of} keepers have acknowledged and release nothing more` +
    {
      all: ".",
      enough: "; the others are too few to open anything.",
      few: "; the others follow when they see the shared ledger.",
    }[reach],
  notRecorded: "The gateway could not bring it to the shared ledger just now; the keepers do.",
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
  differs:
    "What this hospital’s gateway says about a consent here is not what the shared ledger says. This page shows what the ledger says. " +
    "If it stays so for some minutes, use another hospital’s page and tell the patients’ council.",
  unasked: "How these consents stand is told by this hospital’s gateway alone: it could not be checked on the shared ledger.",
  grades: { N: "not marked as confidential", R: "restricted", V: "very restricted", any: "however confidential" },
};

const zh: Consents = {
  list: {
    title: "授权",
    proposed: "等待您签名",
    active: "生效中",
    ended: "已结束",
    none: "目前没有等待您处理的授权。医院提出授权请求后会显示在这里。",
    exact: "完整条款（与钱包中显示的一致）",
    exactHint: "签名前请核对：以钱包中显示的内容为准。",
    said: "授权内容",
    older: (count) => `另有 ${count} 项已结束`,
  },
  status: { proposed: "未签名", active: "生效中", revoked: "已撤销", expired: "已到期" },
  sign: "用钱包签名",
  signHint: "共享账本上只记录指纹和有效期，不记录条款内容。",
  changeDraft: "修改内容",
  draftOver: "签名时间已过。请按“修改内容”，然后重新显示。",
  relayOver: "此请求的签名期限已过，请让对方重新提出。",
  granted: "您的授权已生效。",
  revoke: "撤销……",
  change: "修改……",
  changeNot: "此授权的内容超出这里的表单所能显示的范围，因此无法在此修改。您可以撤销它，并给出新的授权。",
  drop: "我不想要",
  dropMeans: "该请求会消失，没有签署任何内容。医院可以再次提出请求。",
  dropNow: "移除",
  dropped: "已移除。没有签署任何内容。",
  instead: "取代",
  beside: "不取代：与现有授权同时有效",
  held: (purposes, categories, until) => `${purposes}：${categories}，至 ${until}`,
  any: "任何内容",
  more: (first, count) => `${first}等（另有 ${count} 项）`,
  meanwhile: "此事已经处理过，可能是在另一个标签页或另一台设备上。没有再次签名。",
  replaced: "新的授权已生效，原来的授权已结束。",
  keepers: "已确认的保管方",
  acknowledging: (count, of) => `${of} 个保管方中已有 ${count} 个确认`,
  acknowledged: (count, of, reach) =>
    `${of} 个保管方中已有 ${count} 个确认，不再提供任何内容` +
    {
      all: "。",
      enough: "；其余的不足以打开任何内容。",
      few: "；其余的在看到共享账本后随即停止。",
    }[reach],
  notRecorded: "网关目前无法把它写入共享账本，将由保管方代为写入。",
  revokeTitle: "撤销意味着什么",
  revokeMeans: [
    "从现在起，不会再依据此授权提供任何内容。",
    "已经被读取的内容无法收回。",
    "在目录密钥更新之前，以前的读取者仍可能得知新病历归档的时间、机构和类别。",
    "撤销不可恢复。如需再次允许，请签署新的授权。",
  ],
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
  differs: "这家医院的网关关于某项授权的说法与共享账本不一致。本页显示的是账本的内容。如果几分钟后仍然如此，请改用其他医院的页面，并告知患者委员会。",
  unasked: "这些授权的状态仅由这家医院的网关告知：目前无法在共享账本上核对。",
  grades: { N: "未标记为保密", R: "受限", V: "严格受限", any: "无论保密级别" },
};

export const consents = inBoth(en, zh);
