/** The list of records, and each record's own page. */

import type { Incomplete } from "../core/reading";
import { inBoth } from "../core/language";

interface Words {
  readonly count: (count: string) => string;
  readonly hospitalCount: (count: string) => string;
  readonly all: (count: string) => string;
  readonly born: string;
  readonly died: string;
  readonly filter: Readonly<Record<"title" | "category" | "hospital" | "from" | "until" | "any" | "none" | "clear", string>>;
  readonly list: (count: string) => string;
  readonly columns: Readonly<Record<"date" | "what" | "hospital" | "holds" | "open", string>>;
  readonly open: string;
  readonly andMore: (words: string, count: string) => string;
  readonly back: string;
  readonly unknown: string;
  readonly about: string;
  readonly fields: Readonly<
    Record<"hospital" | "account" | "date" | "category" | "department" | "confidentiality" | "version" | "id" | "anchored" | "root" | "place" | "receipts" | "ciphertext", string>
  >;
  readonly place: (position: string, of: string) => string;
  readonly confidentiality: Readonly<Record<string, string>>;
  readonly version: (version: string) => string;
  readonly replaces: string;
  readonly newest: string;
  readonly former: string;
  readonly proof: Readonly<Record<"title" | "how" | "again" | "good" | "retracted" | "bad" | "unreached" | "details", string>>;
  readonly proven: readonly string[];
  readonly receipts: (count: string) => string;
  readonly keeper: (seat: string, seq: string) => string;
  readonly versions: Readonly<Record<"title" | "show" | "only" | "how" | "table", string>>;
  readonly holds: string;
  readonly wrong: string;
  readonly around: string;
  readonly narrative: string;
  readonly narrativeHow: string;
  readonly rest: string;
  readonly results: string;
  readonly resultList: (count: string) => string;
  readonly inFull: string;
  readonly inBrief: string;
  readonly parts: string;
  readonly file: (type: string) => string;
  readonly fileNamed: string;
  readonly download: string;
  readonly one: string;
  readonly exporting: Readonly<Record<"title" | "how" | "incomplete" | "action" | "done", string>>;
  readonly incompleteTitle: string;
  readonly incomplete: Readonly<Record<Incomplete["kind"], string>>;
  readonly concerns: (words: string, hospital: string) => string;
  readonly counted: (words: string, count: string) => string;
  readonly lying: (seats: string) => string;
}

const en: Words = {
  count: (count) => (count === "1" ? "1 record" : `${count} records`),
  hospitalCount: (count) => (count === "1" ? "one hospital" : `${count} hospitals`),
  all: (count) => (count === "1" ? "See the list of records" : `See all ${count} records`),
  born: "born",
  died: "died",
  filter: {
    title: "Show only", category: "Kind", hospital: "Hospital", from: "From", until: "Until", any: "All",
    none: "No record fits. Choose less.", clear: "Show all",
  },
  list: (count) => `Records: ${count}, the newest first`,
  columns: { date: "Date", what: "Kind", hospital: "Hospital", holds: "Holds", open: "Record" },
  open: "Open",
  andMore: (words, count) => `${words} and ${count} more`,
  back: "All records",
  unknown: "This record is not open in this browser any more. Choose it from the list.",
  about: "About this record",
  fields: {
    hospital: "Written by", account: "Its account on the shared ledger", date: "Date", category: "Kind", department: "Department",
    confidentiality: "Confidentiality", version: "Version", id: "Record id", anchored: "On the shared ledger since",
    root: "Fingerprint of its batch", place: "Place in the batch", receipts: "Receipts of keepers", ciphertext: "Where it lies, encrypted",
  },
  place: (position, of) => `${position} of ${of}`,
  confidentiality: { N: "normal", R: "restricted", V: "very restricted" },
  version: (version) => `version ${version}`,
  replaces: "It takes the place of an earlier version.",
  newest: "newest",
  former: "replaced",
  proof: {
    title: "Is it genuine?",
    how: "Checked in this browser when the record was opened:",
    again: "Check again now",
    good: "Checked just now: it stands on the shared ledger as this hospital wrote it, and was not taken back.",
    retracted: "The hospital has taken this record back. What you see here is no longer valid.",
    bad: "The check failed: the shared ledger does not confirm this record. Do not rely on it, and tell the hospital.",
    unreached: "The shared ledger could not be asked just now. Try again.",
    details: "The proof in figures",
  },
  proven: [
    "Its fingerprint is part of a batch that this hospital, and nobody else, fixed on the shared ledger.",
    "The encrypted content is exactly the one whose fingerprint the record names; not a letter was changed.",
    "It is addressed to you.",
  ],
  receipts: (count) => `${count} keepers wrote a receipt before they gave their part of the key`,
  keeper: (seat, seq) => `Keeper ${seat}, receipt ${seq}`,
  versions: {
    title: "Versions", show: "Look for other versions", only: "There is only this version.",
    how: "Earlier versions stay readable for you; hospitals that may read your record see the newest.", table: "All versions",
  },
  holds: "What it says",
  around: "People, places and samples named in it",
  wrong: "The hospital has marked this as entered by mistake.",
  narrative: "In the hospital’s own words",
  narrativeHow: "As the hospital wrote it; pictures, links and anything active are left out.",
  rest: "Everything else, as the hospital wrote it",
  results: "Results",
  resultList: (count) => `Results: ${count}`,
  inFull: "Each entry in full",
  inBrief: "In brief",
  parts: "Values",
  file: (type) => `File (${type})`,
  fileNamed: "The hospital names this file, but did not send it along.",
  download: "Save the file",
  one: "Save this record (FHIR)",
  exporting: {
    title: "Take your record with you",
    how: "One file in the format that hospitals everywhere understand (FHIR R4), with the newest version of everything. It is not encrypted: keep it safe.",
    incomplete: "Not everything could be read just now, so the file will lack it.",
    action: "Save everything (FHIR)",
    done: "Your record was saved as a file.",
  },
  incompleteTitle: "Not everything could be read",
  incomplete: {
    "index-behind": "The newest records may be missing. Try again in a minute.",
    "keepers-insufficient": "Too few keepers answered. Nothing is lost; try again later.",
    "content-missing": "The store does not have the content of some records just now. Try again later.",
    "content-corrupt": "Some content is damaged and was not opened.",
    "content-too-large": "Some content is too large for this browser.",
    "directory-unreadable": "A directory document of yours cannot be read, so records filed under it are missing.",
    "entry-missing": "Some entries are not here yet. Try again in a minute.",
    "entry-corrupt": "Some entries are damaged or not for you, and were passed over.",
    "entry-crowded": "More entries claim one place than can be looked at.",
    "entry-erased":
      "Something that was filed here is marked as erased by the hospital that wrote it. If you did not ask for that, ask the hospital, or look at another hospital’s page.",
    ambiguous: "Two different records have the same id, so neither is shown.",
    "gateway-wrong": "The gateway gave something that the shared ledger does not confirm; it was passed over.",
  },
  concerns: (words, hospital) => `${hospital}: ${words}`,
  counted: (words, count) => `${words} (${count})`,
  lying: (seats) => `These keepers gave answers that do not hold, and were passed over: ${seats}.`,
};

const zh: Words = {
  count: (count) => `${count} 份病历`,
  hospitalCount: (count) => `${count} 家医院`,
  all: (count) => `查看全部 ${count} 份病历`,
  born: "出生于",
  died: "去世于",
  filter: {
    title: "筛选", category: "类别", hospital: "医院", from: "起始日期", until: "截止日期", any: "全部",
    none: "没有符合条件的病历，请放宽条件。", clear: "显示全部",
  },
  list: (count) => `病历 ${count} 份，由新到旧`,
  columns: { date: "日期", what: "类别", hospital: "医院", holds: "内容", open: "病历" },
  open: "打开",
  andMore: (words, count) => `${words}，另有 ${count} 项`,
  back: "全部病历",
  unknown: "本浏览器已不再打开此病历，请从列表中选择。",
  about: "关于此病历",
  fields: {
    hospital: "书写机构", account: "其在共享账本上的账户", date: "日期", category: "类别", department: "科室",
    confidentiality: "保密等级", version: "版本", id: "病历编号", anchored: "上链时间", root: "所在批次的指纹",
    place: "在批次中的位置", receipts: "保管方回执", ciphertext: "密文存放处",
  },
  place: (position, of) => `第 ${position} 项，共 ${of} 项`,
  confidentiality: { N: "普通", R: "受限", V: "严格受限" },
  version: (version) => `第 ${version} 版`,
  replaces: "它替代了以前的版本。",
  newest: "最新",
  former: "已被替代",
  proof: {
    title: "是否真实？",
    how: "打开此病历时，本浏览器已核对：",
    again: "现在再核对一次",
    good: "刚刚核对：共享账本上的登记与该医院所写一致，且未被撤下。",
    retracted: "医院已撤下此病历，您看到的内容不再有效。",
    bad: "核对未通过：共享账本不能证实此病历。请勿依赖它，并告知医院。",
    unreached: "暂时无法查询共享账本，请重试。",
    details: "证明的具体数据",
  },
  proven: [
    "其指纹属于由该医院（而非他人）在共享账本上固定的一个批次。",
    "密文内容与病历所载指纹完全一致，一字未改。",
    "此病历是写给您的。",
  ],
  receipts: (count) => `${count} 个保管方在交出密钥份额之前写下了回执`,
  keeper: (seat, seq) => `保管方 ${seat}，回执 ${seq}`,
  versions: {
    title: "版本", show: "查找其他版本", only: "只有这一个版本。",
    how: "以前的版本您仍可读取；获准读取的医院只看到最新版本。", table: "全部版本",
  },
  holds: "病历内容",
  around: "病历中提到的人员、地点和样本",
  wrong: "医院已将此项标记为误录。",
  narrative: "医院的原文",
  narrativeHow: "按医院所写显示；图片、链接及任何可执行内容已去除。",
  rest: "其余内容（按医院所写）",
  results: "结果",
  resultList: (count) => `结果：${count} 项`,
  inFull: "逐项查看全部内容",
  inBrief: "概要",
  parts: "各项数值",
  file: (type) => `文件（${type}）`,
  fileNamed: "医院提到此文件，但未一并发送。",
  download: "保存文件",
  one: "保存此病历（FHIR）",
  exporting: {
    title: "带走您的病历",
    how: "一个各地医院都能识别的文件（FHIR R4 格式），包含所有内容的最新版本。文件未加密，请妥善保管。",
    incomplete: "目前并非所有内容都能读取，文件中将缺少这些内容。",
    action: "保存全部病历（FHIR）",
    done: "您的病历已保存为文件。",
  },
  incompleteTitle: "部分内容未能读取",
  incomplete: {
    "index-behind": "可能缺少最新的病历，请稍后重试。",
    "keepers-insufficient": "应答的保管方不足。没有任何内容丢失，请稍后重试。",
    "content-missing": "存储暂时没有部分病历的内容，请稍后重试。",
    "content-corrupt": "部分内容已损坏，未予打开。",
    "content-too-large": "部分内容过大，本浏览器无法打开。",
    "directory-unreadable": "您的一份目录文件无法读取，因此缺少按该目录归档的病历。",
    "entry-missing": "部分条目尚未到达，请稍后重试。",
    "entry-corrupt": "部分条目已损坏或不属于您，已略过。",
    "entry-crowded": "同一位置的条目过多，无法逐一查看。",
    "entry-erased": "这里曾归档的内容被标记为已由出具医院删除。如果不是您要求的，请询问该医院，或在其他医院的页面上查看。",
    ambiguous: "两份不同的病历使用了同一编号，因此都不显示。",
    "gateway-wrong": "网关给出的部分内容未得到共享账本证实，已略过。",
  },
  concerns: (words, hospital) => `${hospital}：${words}`,
  counted: (words, count) => `${words}（${count}）`,
  lying: (seats) => `以下保管方的应答不成立，已略过：${seats}。`,
};

export const records = inBoth(en, zh);
