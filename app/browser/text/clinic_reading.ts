/** Reading what a patient permits. */

import { inBoth } from "../core/language";

interface Reading {
  readonly purpose: string;
  readonly choose: string;
  readonly purposeHint: string;
  readonly read: string;
  readonly noPurpose: string;
  readonly working: string;
  readonly again: string;
  readonly old: string;
  readonly asOf: string;
  readonly what: (purpose: string) => string;
  readonly emergency: string;
  readonly permitted: string;
  readonly none: string;
  readonly noneHow: string;
  readonly ask: string;
  readonly incomplete: string;
  readonly incompleteHow: string;
  readonly issues: Readonly<Record<string, string>>;
  readonly issue: string;
  readonly details: string;
  readonly records: string;
  readonly recordsTable: string;
  readonly date: string;
  readonly category: string;
  readonly hospital: string;
  readonly receipts: string;
  readonly receiptsHow: string;
  readonly receiptsTable: string;
  readonly record: string;
  readonly keeper: string;
  readonly version: string;
  readonly back: string;
  readonly seat: (seat: number) => string;
  readonly number: string;
  readonly value: string;
}

const en: Reading = {
  purpose: "What you read for",
  choose: "Please choose",
  purposeHint: "You sign it, keepers write it down, and the patient sees it with your name.",
  read: "Sign and read",
  noPurpose: "Choose what you read for.",
  working: "Asking the keepers. This may take some seconds.",
  again: "Read again",
  old: "It could not be read again. What stands below is what you read before, as of:",
  asOf: "Read at:",
  what: (purpose) => `Read for: ${purpose}`,
  emergency: "Emergency summary",
  permitted: "You see what you are permitted to see. There can be more, also medicines and allergies.",
  none: "There is nothing to show.",
  noneHow: "Either nothing is permitted for this purpose, or there is nothing. Which of the two is never told. Ask the patient for a consent.",
  ask: "Ask for a consent",
  incomplete: "This may not be everything",
  incompleteHow: "For technical reasons something may be missing, whatever the patient permits. Read again later, and do not take what is not here for what is not there.",
  issues: {
    "index-behind": "This gateway has not yet seen the newest records.",
    "keepers-insufficient": "Too few keepers answered.",
    "blob-missing": "The content of a record could not be found.",
    "blob-corrupt": "The content of a record is damaged.",
    "blob-too-large": "A record is larger than one answer holds.",
    "entry-corrupt": "The entry of a record is damaged.",
    "store-unreachable": "The store of records does not answer.",
    "chain-unreachable": "The shared ledger could not be asked.",
    "too-many-pages": "There is more than one reading takes in. Ask your own records system for the rest.",
  },
  issue: "Something else is missing.",
  details: "Technical details",
  records: "What you may read",
  recordsTable: "Records, newest first",
  date: "Date",
  category: "Part of the record",
  hospital: "Written by",
  receipts: "Receipts of this reading",
  receiptsHow: "Each keeper wrote a receipt before it gave its share. The patient finds the same receipts in the account of accesses.",
  receiptsTable: "Receipts, one line for each record and keeper",
  record: "Record",
  keeper: "Keeper",
  version: "Version",
  back: "All that you may read",
  seat: (seat) => `seat ${seat}`,
  number: "Receipt",
  value: "Fingerprint",
};

const zh: Reading = {
  purpose: "您读取的目的",
  choose: "请选择",
  purposeHint: "您为此签名，保管方予以记录，患者会看到目的和您的姓名。",
  read: "签名并读取",
  noPurpose: "请选择读取的目的。",
  working: "正在询问各保管方，可能需要几秒钟。",
  again: "重新读取",
  old: "未能重新读取。下方是您此前读取的内容，读取时间：",
  asOf: "读取时间：",
  what: (purpose) => `读取目的：${purpose}`,
  emergency: "急救摘要",
  permitted: "您看到的是允许您看到的内容。可能还有更多内容，包括用药和过敏。",
  none: "没有可显示的内容。",
  noneHow: "可能此目的未获许可，也可能确实没有内容；系统从不说明是哪一种。请向患者请求授权。",
  ask: "请求授权",
  incomplete: "内容可能不完整",
  incompleteHow: "由于技术原因，可能缺少某些内容，与患者的许可无关。请稍后重新读取；此处没有显示的，不等于不存在。",
  issues: {
    "index-behind": "本网关尚未看到最新的病历。",
    "keepers-insufficient": "响应的保管方太少。",
    "blob-missing": "找不到某份病历的内容。",
    "blob-corrupt": "某份病历的内容已损坏。",
    "blob-too-large": "某份病历超出了一次应答的容量。",
    "entry-corrupt": "某份病历的条目已损坏。",
    "store-unreachable": "病历存储没有响应。",
    "chain-unreachable": "无法查询共享账本。",
    "too-many-pages": "内容超过一次读取的上限。其余内容请通过本机构的病历系统查询。",
  },
  issue: "还缺少其他内容。",
  details: "技术细节",
  records: "您可读取的内容",
  recordsTable: "病历，最新的在前",
  date: "日期",
  category: "病历部分",
  hospital: "书写机构",
  receipts: "本次读取的收据",
  receiptsHow: "每个保管方在给出份额之前都写下了收据。患者会在访问记录中看到同样的收据。",
  receiptsTable: "收据：每份病历、每个保管方一行",
  record: "病历",
  keeper: "保管方",
  version: "版本",
  back: "您可读取的全部内容",
  seat: (seat) => `席位 ${seat}`,
  number: "收据编号",
  value: "指纹",
};

export const reading = inBoth(en, zh);
