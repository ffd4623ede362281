/** Who read the record: each access in words (A-7, A-8), what is missing, what is proven here. */

import { inBoth } from "../core/language";
import type { Choice } from "../patient/readers/occasions";

interface Readers {
  readonly lead: string;
  readonly check: string;
  readonly checkHint: string;
  readonly asking: (done: number, of: number) => string;
  readonly again: string;
  readonly proven: (receipts: string, keepers: string, of: string) => string;
  readonly provenHow: (roots: string, head: string, member: string) => string;
  readonly gaps: string;
  readonly wrong: string;
  readonly limit: string;
  readonly visitors: string;
  readonly visitorsOf: string;
  readonly institution: string;
  readonly times: string;
  readonly last: string;
  readonly nobody: string;
  readonly list: string;
  readonly filter: string;
  readonly from: string;
  readonly anyone: string;
  readonly choices: Readonly<Record<Choice, string>>;
  readonly nothing: string;
  readonly badge: Readonly<Record<"access" | "possible" | "refused", string>>;
  readonly emergency: string;
  readonly namedBy: (member: string) => string;
  readonly remarks: (count: number) => string;
  readonly you: string;
  readonly forYou: string;
  readonly someone: string;
  readonly reader: (role: string, member: string) => string;
  readonly asserted: string;
  readonly signed: string;
  readonly span: (from: string, until: string) => string;
  readonly records: (count: number, words: string) => string;
  readonly lists: (words: string) => string;
  readonly maybeRecords: (count: number, words: string) => string;
  readonly maybeLists: (words: string) => string;
  readonly askedRecords: (count: number, words: string) => string;
  readonly askedLists: (words: string) => string;
  readonly why: (purpose: string) => string;
  readonly ground: Readonly<Record<"SELF" | "CONSENT" | "EMERGENCY" | "mandate" | "under", string>>;
  readonly because: (reasons: string) => string;
  readonly proof: Readonly<Record<"on-chain" | "signed", string>>;
  readonly enough: (keepers: number, threshold: number) => string;
  readonly tooFew: (keepers: number, threshold: number) => string;
  readonly refusedBy: (keepers: number) => string;
  readonly possibleHint: string;
  readonly details: string;
  readonly fields: Readonly<
    Record<
      | "account" | "name" | "practitioner" | "episode" | "consent" | "opening" | "mandate" | "records" | "requests" | "seats",
      string
    >
  >;
  readonly more: (count: number) => string;
  readonly keep: string;
  readonly save: string;
  readonly saveHint: string;
  readonly saved: string;
}

const en: Readers = {
  lead: "Everybody who asked for your records, as the independent keepers wrote it down before they gave anything out.",
  check: "Show who read my record",
  checkHint:
    "Your browser asks every keeper for its notes about you and checks each one itself: its signature, and that it stands " +
    "on the shared ledger. If nothing was read in this sitting yet, your wallet asks you once to open your health record.",
  asking: (done, of) => `Asking and checking: ${done} of ${of} keepers`,
  again: "Check again",
  proven: (receipts, keepers, of) => `Checked here, just now: ${receipts} notes of ${keepers} of ${of} keepers hold.`,
  provenHow: (roots, head, member) =>
    `Your browser followed them to ${roots} entries of the shared ledger, up to block ${head}, which it read through ${member}.`,
  gaps: "Not everything could be checked",
  wrong: "Something here is false",
  limit:
    "What no list can show: something that all keepers needed to open a record gave out together and kept quiet about, and " +
    "what the hospital that wrote a record does with its own copy.",
  visitors: "Who, how often",
  visitorsOf: "Institutions whose people read, or possibly read",
  institution: "Institution",
  times: "Times",
  last: "Last time",
  nobody: "Nobody but you has read your record.",
  list: "Each time",
  filter: "Show",
  from: "Of institution",
  anyone: "Any",
  choices: {
    others: "Others who read",
    emergency: "Emergencies",
    possible: "Possibly read",
    refused: "Refused",
    own: "You and whoever acts for you",
    all: "Everything",
  },
  nothing: "There is nothing of this kind.",
  badge: { access: "Read", possible: "Possibly read", refused: "Refused" },
  emergency: "Emergency",
  namedBy: (member) => `as ${member} calls this person; the account is what signed`,
  remarks: (count) => `About the keepers, nothing wrong (${count})`,
  you: "You",
  forYou: "Somebody who acts for you",
  someone: "a member of staff",
  reader: (role, member) => `${role}, ${member}`,
  asserted: "Named by the institution’s computer system, which signed.",
  signed: "This person signed.",
  span: (from, until) => `${from} to ${until}`,
  records: (count, words) => `Opened ${count === 1 ? "1 record" : `${count} records`}: ${words}.`,
  lists: (words) => `Looked at the list of: ${words}.`,
  maybeRecords: (count, words) => `Possibly opened ${count === 1 ? "1 record" : `${count} records`}: ${words}.`,
  maybeLists: (words) => `Possibly looked at the list of: ${words}.`,
  askedRecords: (count, words) => `Asked for ${count === 1 ? "1 record" : `${count} records`}: ${words}.`,
  askedLists: (words) => `Asked for the list of: ${words}.`,
  why: (purpose) => `What for: ${purpose}.`,
  ground: {
    SELF: "Allowed because it is your own record.",
    CONSENT: "Allowed by a consent that you gave.",
    EMERGENCY: "Allowed as an emergency: two people signed for it, and a third has to review it.",
    mandate: "Allowed by the mandate that you gave to this person.",
    under: "Allowed by a consent that somebody signed for you, by a mandate that you gave.",
  },
  because: (reasons) => `Refused because ${reasons}.`,
  proof: { "on-chain": "Proven on the ledger", signed: "Not on the ledger yet" },
  enough: (keepers, threshold) => `${keepers} keepers gave their part, ${threshold} are enough.`,
  tooFew: (keepers, threshold) => `Only ${keepers} of the ${threshold} keepers that are needed gave their part.`,
  refusedBy: (keepers) => (keepers === 1 ? "One keeper refused." : `${keepers} keepers refused.`),
  possibleHint: "That is too few to open anything, unless other keepers are silent about it.",
  details: "Details and proof",
  fields: {
    account: "Account that signed",
    name: "Name",
    practitioner: "Person named",
    episode: "Current stay asserted by",
    consent: "Consent",
    opening: "Emergency opening",
    mandate: "Mandate",
    records: "Records",
    requests: "Requests",
    seats: "Keepers (seats)",
  },
  more: (count) => `and ${count} more`,
  keep: "A copy for you",
  save: "Save with all proofs",
  saveHint:
    "One file that anybody can check with “consentry verify”, without this page. It is as private as this list: it is not " +
    "encrypted. Keep it, and a later one can be held against it.",
  saved: "The file was handed to your browser’s downloads.",
};

const zh: Readers = {
  lead: "每一位申请读取您病历的人。相互独立的保管方在提供任何内容之前，都会先记录下来。",
  check: "查看谁读取过我的病历",
  checkHint:
    "您的浏览器会向每个保管方索取与您有关的记录，并亲自逐条核验：签名是否有效，是否已登记在共享账本上。如果本次尚未读取过病历，" +
    "钱包会请您签名一次以打开您的健康档案。",
  asking: (done, of) => `正在询问并核验：${done} / ${of} 个保管方`,
  again: "重新核验",
  proven: (receipts, keepers, of) => `刚刚在此核验：${of} 个保管方中有 ${keepers} 个提供了记录，共 ${receipts} 条，全部有效。`,
  provenHow: (roots, head, member) => `浏览器已将其追溯到共享账本上的 ${roots} 条登记，截至区块 ${head}，经由 ${member} 读取。`,
  gaps: "有些内容未能核验",
  wrong: "其中有不实内容",
  limit: "任何清单都无法显示的情况：打开一份病历所需的全部保管方串通提供而不作记录；以及书写病历的医院如何使用自己的副本。",
  visitors: "谁读过、多少次",
  visitorsOf: "其人员读取过或可能读取过的机构",
  institution: "机构",
  times: "次数",
  last: "最近一次",
  nobody: "除您本人外，没有人读取过您的病历。",
  list: "每一次",
  filter: "显示",
  from: "机构",
  anyone: "全部",
  choices: {
    others: "他人的读取",
    emergency: "紧急情况",
    possible: "可能的读取",
    refused: "被拒绝",
    own: "您本人及代您行事的人",
    all: "全部",
  },
  nothing: "没有此类记录。",
  badge: { access: "已读取", possible: "可能已读取", refused: "被拒绝" },
  emergency: "紧急情况",
  namedBy: (member) => `由 ${member} 提供；签名的是账户`,
  remarks: (count) => `关于保管方的说明，并无问题（${count}）`,
  you: "您本人",
  forYou: "代您行事的人",
  someone: "工作人员",
  reader: (role, member) => `${member}，${role}`,
  asserted: "由该机构的计算机系统指明，并由系统签名。",
  signed: "由此人亲自签名。",
  span: (from, until) => `${from} 至 ${until}`,
  records: (count, words) => `打开了 ${count} 份病历：${words}。`,
  lists: (words) => `查看了目录：${words}。`,
  maybeRecords: (count, words) => `可能打开了 ${count} 份病历：${words}。`,
  maybeLists: (words) => `可能查看了目录：${words}。`,
  askedRecords: (count, words) => `申请读取 ${count} 份病历：${words}。`,
  askedLists: (words) => `申请查看目录：${words}。`,
  why: (purpose) => `目的：${purpose}。`,
  ground: {
    SELF: "依据：这是您自己的病历。",
    CONSENT: "依据：您给出的授权。",
    EMERGENCY: "依据：紧急情况。由两人签名，并须由第三人审查。",
    mandate: "依据：您给予此人的委托。",
    under: "依据：他人依据您给出的委托代您签署的授权。",
  },
  because: (reasons) => `拒绝原因：${reasons}。`,
  proof: { "on-chain": "已在共享账本上得到证明", signed: "已签名，尚未登记到账本" },
  enough: (keepers, threshold) => `${keepers} 个保管方提供了各自的部分，${threshold} 个即可打开。`,
  tooFew: (keepers, threshold) => `需要 ${threshold} 个保管方，只有 ${keepers} 个提供了各自的部分。`,
  refusedBy: (keepers) => `${keepers} 个保管方拒绝了。`,
  possibleHint: "这不足以打开任何内容，除非另有保管方隐瞒不报。",
  details: "详情与证明",
  fields: {
    account: "签名账户",
    name: "姓名",
    practitioner: "被指明的人",
    episode: "当前就诊由谁确认",
    consent: "授权",
    opening: "紧急打开",
    mandate: "委托",
    records: "病历",
    requests: "请求",
    seats: "保管方（席位）",
  },
  more: (count) => `以及另外 ${count} 项`,
  keep: "为自己留一份",
  save: "连同全部证明一起保存",
  saveHint: "保存为一个文件，任何人无需本页即可用 “consentry verify” 核验。文件未加密，与此清单同样私密。请妥善保存，以后的文件可与之对照。",
  saved: "文件已交给浏览器下载。",
};

export const readers = inBoth(en, zh);
