/** Settings: language and colours, how long this page may read, through whom it sees the shared ledger. */

import { inBoth, type Language } from "../core/language";

/** Each in its own language, so that whoever reads only that finds it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

interface Settings {
  readonly looks: string;
  readonly language: string;
  readonly colours: string;
  readonly themes: Readonly<Record<"system" | "light" | "dark", string>>;
  readonly kept: string;
  readonly reading: string;
  readonly readingHint: string;
  readonly closed: string;
  readonly open: (until: string) => string;
  readonly end: string;
  readonly ending: string;
  readonly ended: (told: number, of: number) => string;
  readonly endedSome: (told: number, of: number) => string;
  readonly chain: string;
  readonly chainHint: string;
  readonly through: string;
  readonly serving: (member: string) => string;
  readonly use: string;
  readonly using: (member: string) => string;
  readonly nobodyElse: string;
  readonly agrees: (member: string, head: string) => string;
  readonly notCompared: (member: string, before: string) => string;
  readonly refused: Readonly<Record<"silent" | "other-chain" | "behind" | "contradicts", (member: string) => string>>;
  readonly account: string;
  readonly did: string;
  readonly didHint: string;
}

const en: Settings = {
  looks: "Language and colours",
  language: "Language",
  colours: "Colours",
  themes: { system: "As on this device", light: "Light", dark: "Dark" },
  kept: "These two are all that this page keeps in your browser.",
  reading: "Reading on this page",
  readingHint:
    "When you read your record or ask the keepers, your wallet signs once, and this page may ask for you for eight hours at " +
    "most. Its key is in this window’s memory alone and cannot be copied out. Closing the window ends it too.",
  closed: "This page holds no key to read with.",
  open: (until) => `This page may read for you until ${until}.`,
  end: "End it now",
  ending: "Telling the keepers…",
  ended: (told, of) => `Ended. ${told} of ${of} keepers know it, and the key is gone from this page.`,
  endedSome: (told, of) =>
    `The key is gone from this page, so that nobody can use it. ${told} of ${of} keepers know that it has ended; the others will ` +
    "see it end by itself.",
  chain: "The shared ledger",
  chainHint:
    "Whatever this page calls proven, it found on the shared ledger, which it sees through one of the members. You can look " +
    "through another one. Before it does, your browser compares what both tell.",
  through: "Look through",
  serving: (member) => `${member} (serves this page)`,
  use: "Compare and use",
  using: (member) => `This page sees the ledger through ${member}.`,
  nobodyElse: "This hospital’s page knows no other member that can be asked.",
  agrees: (member, head) => `${member} tells the same ledger, up to block ${head}. This page looks through it until you leave it.`,
  notCompared: (member, before) =>
    `This page looks through ${member} now. ${before} does not answer, so what the two tell was not compared: you rely on ${member} ` +
    "alone until you choose another one.",
  refused: {
    silent: (member) => `${member} does not answer. Nothing was changed; try again later.`,
    "other-chain": (member) => `${member} serves another ledger. Nothing was changed.`,
    behind: (member) => `${member} is far behind. Nothing was changed; try again later.`,
    contradicts: (member) =>
      `${member} and the member you look through now tell different ledgers. One of them is wrong: sign nothing, and tell the ` +
      "patients’ council.",
  },
  account: "Your health record’s name",
  did: "DID",
  didHint: "Hospitals know your record by this name. It is not secret, but whoever knows that it is yours can follow your consents on the ledger.",
};

const zh: Settings = {
  looks: "语言与颜色",
  language: "语言",
  colours: "颜色",
  themes: { system: "跟随设备", light: "浅色", dark: "深色" },
  kept: "本页在您的浏览器中只保存这两项。",
  reading: "在本页读取",
  readingHint:
    "当您读取病历或询问保管方时，钱包会签名一次，此后本页最多可在八小时内代您询问。密钥只存在于此窗口的内存中，无法复制出来；" +
    "关闭窗口也会结束。",
  closed: "本页目前没有用于读取的密钥。",
  open: (until) => `本页可代您读取至 ${until}。`,
  end: "立即结束",
  ending: "正在告知各保管方……",
  ended: (told, of) => `已结束。${of} 个保管方中有 ${told} 个已知悉，密钥已从本页清除。`,
  endedSome: (told, of) => `密钥已从本页清除，无人能再使用。${of} 个保管方中有 ${told} 个已知悉，其余的会等它自行到期。`,
  chain: "共享账本",
  chainHint: "本页所说的“得到证明”，都出自共享账本，而账本是经由某个成员看到的。您可以改经另一个成员查看；在此之前，浏览器会比较双方所说的内容。",
  through: "经由",
  serving: (member) => `${member}（提供本页）`,
  use: "比较并使用",
  using: (member) => `本页经由 ${member} 查看账本。`,
  nobodyElse: "这家医院的页面不知道还有哪个成员可供询问。",
  agrees: (member, head) => `${member} 所说的账本一致，截至区块 ${head}。在您离开本页之前，将经由它查看。`,
  notCompared: (member, before) => `本页现经由 ${member} 查看账本。${before} 没有响应，双方所说的内容未经比较：在您另选之前，本页只依据 ${member}。`,
  refused: {
    silent: (member) => `${member} 没有响应。没有任何改变，请稍后再试。`,
    "other-chain": (member) => `${member} 提供的是另一个账本。没有任何改变。`,
    behind: (member) => `${member} 明显落后。没有任何改变，请稍后再试。`,
    contradicts: (member) => `${member} 与目前所经由的成员所说的账本不同，其中一方有误：请勿签署任何内容，并告知患者委员会。`,
  },
  account: "您健康档案的名称",
  did: "DID",
  didHint: "医院凭此名称识别您的档案。它不是秘密，但知道它属于您的人可以在账本上追踪您的授权。",
};

export const settings = inBoth(en, zh);
