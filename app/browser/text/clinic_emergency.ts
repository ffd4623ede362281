/** Opening an emergency summary: two people, one device after the other; closing it; its review by a third. */

import { inBoth } from "../core/language";

interface Emergency {
  readonly open: string;
  readonly openHow: string;
  readonly patient: string;
  readonly patientHint: string;
  readonly fromPatient: (number: string | null) => string;
  readonly second: string;
  readonly secondHint: string;
  readonly minutes: string;
  readonly inMinutes: (count: number) => string;
  readonly choose: string;
  readonly begin: string;
  readonly noPatient: string;
  readonly noSecond: string;
  readonly noMinutes: string;
  readonly youAlone: string;
  readonly waits: string;
  readonly waitsHow: (second: string) => string;
  readonly takeBack: string;
  readonly declined: string;
  readonly opened: string;
  readonly over: string;
  readonly yours: string;
  readonly yoursHow: (first: string) => string;
  readonly sign: string;
  readonly decline: string;
  readonly declinedNow: string;
  readonly until: string;
  readonly first: string;
  readonly other: string;
  readonly list: string;
  readonly listHow: string;
  readonly none: string;
  readonly stage: Readonly<Record<"open" | "review-due" | "overdue", string>>;
  readonly reviewBy: string;
  readonly elsewhere: string;
  readonly read: string;
  readonly close: string;
  readonly closed: string;
  readonly closeOthers: string;
  readonly closeOthersHow: string;
  readonly reviewHow: string;
  readonly justified: string;
  readonly unjustified: string;
  readonly reviewed: string;
  readonly sure: string;
  readonly sureHow: string;
  readonly notYours: string;
  readonly reading: string;
  readonly sensitive: string;
  readonly hide: string;
  readonly overNow: string;
  readonly false: string;
  readonly falseHow: string;
}

const en: Emergency = {
  open: "Open an emergency summary",
  openHow: "For a patient who cannot consent. Two of you sign, each on the own device; the patient is told at once, and somebody else reviews it. Only the summary for emergencies is opened.",
  patient: "Patient",
  patientHint: "The DID of the emergency card: scan it above, or type it.",
  fromPatient: (number) => `From “Patient”${number === null ? "" : ` (number here: ${number})`}. Somebody else? Scan or type that DID.`,
  second: "Who signs with you",
  secondHint: "Somebody else of your institution, with a licence in force.",
  minutes: "How long",
  inMinutes: (count) => `${count} minutes`,
  choose: "Please choose",
  begin: "Sign as the first",
  noPatient: "Name the patient first.",
  noSecond: "Choose who signs with you.",
  noMinutes: "Choose how long it is to be open.",
  youAlone: "There is nobody to sign with you: the settings of your member name no colleague whose licence is in force.",
  waits: "Waiting for the second signature",
  waitsHow: (second) => `${second} finds it under “Emergency” on the own device. It waits a quarter of an hour.`,
  takeBack: "Take it back",
  declined: "It waits no longer: it was declined or taken back, or the time is over. Nothing was opened.",
  opened: "The summary is open.",
  over: "over",
  yours: "A colleague needs your signature",
  yoursHow: (first) => `${first} has signed that this is an emergency. Sign only if you see it too: you answer for it as much.`,
  sign: "Sign as the second, and open",
  decline: "Decline",
  declinedNow: "You declined. Nothing was opened.",
  until: "Open until",
  first: "First",
  other: "Second",
  list: "Openings of your institution",
  listHow: "Open ones, and those that wait for a review by somebody who opened none of them.",
  none: "No opening waits for anything.",
  stage: { open: "open", "review-due": "waits for a review", overdue: "review overdue" },
  reviewBy: "Review until",
  elsewhere: "relayed by another gateway",
  read: "Sign and read the summary",
  close: "Close it now",
  closeOthers: "Close what two others opened?",
  closeOthersHow: "They may be reading it at a patient’s side. Once closed, it gives them nothing more.",
  closed: "It is closed. Nothing more is given under it.",
  reviewHow: "Was there an emergency, and was it right to open the summary? Your finding is public and cannot be changed.",
  justified: "It was justified",
  unjustified: "It was not justified",
  reviewed: "Your review is on the shared ledger.",
  sure: "Sign this finding?",
  sureHow: "The finding stays for good, with your account beside it.",
  notYours: "Only somebody who did not open it may review it.",
  reading: "What was opened",
  sensitive: "Sensitive records stay out unless the patient said otherwise.",
  hide: "Put it away",
  overNow: "This opening is over. What stands below was read before; put it away as soon as the patient’s care allows.",
  false: "This cannot be signed",
  falseHow: "An opening that waits here is not what it says it is, so nothing of it is shown. Tell your hospital.",
};

const zh: Emergency = {
  open: "开启急救摘要",
  openHow: "用于无法表示同意的患者。由两人各自在自己的设备上签名；患者会立即得到通知，并由第三人复核。只会开启急救摘要。",
  patient: "患者",
  patientHint: "急救卡上的 DID：请在上方扫描，或手动输入。",
  fromPatient: (number) => `来自“患者”页面${number === null ? "" : `，本机构编号 ${number}`}。如为他人，请扫描或输入其 DID。`,
  second: "谁与您一同签名",
  secondHint: "您所在机构的另一位执业许可有效的人员。",
  minutes: "时长",
  inMinutes: (count) => `${count} 分钟`,
  choose: "请选择",
  begin: "作为第一人签名",
  noPatient: "请先指明患者。",
  noSecond: "请选择与您一同签名的人。",
  noMinutes: "请选择开启时长。",
  youAlone: "没有可以与您一同签名的人：本机构的设置中没有执业许可有效的同事。",
  waits: "正在等待第二人签名",
  waitsHow: (second) => `${second} 可在自己设备的“紧急情况”页面看到。等待时间为十五分钟。`,
  takeBack: "撤回",
  declined: "不再等待：已被拒绝或撤回，或时间已过。没有开启任何内容。",
  opened: "摘要已开启。",
  over: "已结束",
  yours: "一位同事需要您的签名",
  yoursHow: (first) => `${first} 已签名声明这是紧急情况。只有您也认同时才签名：您负有同样的责任。`,
  sign: "作为第二人签名并开启",
  decline: "拒绝",
  declinedNow: "您已拒绝。没有开启任何内容。",
  until: "开启至",
  first: "第一人",
  other: "第二人",
  list: "您所在机构的紧急开启",
  listHow: "正在开启的，以及等待未参与者复核的。",
  none: "没有等待处理的紧急开启。",
  stage: { open: "开启中", "review-due": "等待复核", overdue: "复核逾期" },
  reviewBy: "复核截止",
  elsewhere: "由另一网关提交",
  read: "签名并读取摘要",
  close: "立即关闭",
  closeOthers: "关闭由另外两人开启的摘要？",
  closeOthersHow: "他们可能正在患者身边阅读。关闭后，他们将无法再据此获取任何内容。",
  closed: "已关闭。不会再据此提供任何内容。",
  reviewHow: "当时是否确属紧急情况，开启摘要是否正当？您的结论是公开的，且不可更改。",
  justified: "正当",
  unjustified: "不正当",
  reviewed: "您的复核已记入共享账本。",
  sure: "签署此结论？",
  sureHow: "结论将永久保留，并附有您的账户。",
  notYours: "只有没有参与开启的人可以复核。",
  reading: "已开启的内容",
  sensitive: "除非患者另有表示，否则不包含敏感病历。",
  hide: "收起",
  overNow: "此次开启已结束。下方是此前读取的内容；一旦救治允许，请立即收起。",
  false: "此项无法签名",
  falseHow: "一项等待签名的开启与其声明不符，因此不显示其内容。请告知医院。",
};

export const emergency = inBoth(en, zh);
