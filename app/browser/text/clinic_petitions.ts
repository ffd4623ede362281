/** What patients ask about records: the page of those who answer. */

import type { Asks, Petition } from "../core/petitions";
import { inBoth } from "../core/language";

type Done = Exclude<Petition["state"], "open">;

interface Words {
  readonly list: string;
  readonly how: string;
  readonly none: string;
  readonly most: (shown: number) => string;
  readonly notYou: string;
  readonly whoDoes: (roles: string) => string;
  readonly label: string;
  readonly asks: Readonly<Record<Asks, string>>;
  readonly askedOn: string;
  readonly patient: string;
  readonly open: string;
  readonly notLinked: string;
  readonly record: string;
  readonly gone: string;
  readonly strict: string;
  readonly words: string;
  readonly current: string;
  readonly replace: string;
  readonly underWay: string;
  readonly replaced: string;
  readonly retracted: string;
  readonly erased: string;
  readonly kept: (until: string, source: string) => string;
  readonly noLaw: string;
  readonly free: string;
  readonly erase: string;
  readonly command: string;
  readonly toAnswer: string;
  readonly answer: string;
  readonly choose: string;
  readonly answers: Readonly<Record<Asks, Readonly<Record<Done, string>>>>;
  readonly notYet: Readonly<Record<Asks, string>>;
  readonly reason: string;
  readonly reasonHow: string;
  readonly noAnswer: string;
  readonly noReason: string;
  readonly send: string;
  readonly sure: string;
  readonly sureHow: string;
  readonly sent: string;
  readonly waiting: (count: number) => string;
  readonly toThem: string;
}

const en: Words = {
  list: "What patients ask about records",
  how: "Asking changes nothing by itself. Look into it, do what is right with your hospital’s own system, then answer. Each is answered once.",
  none: "Nothing waits for an answer.",
  most: (shown) => `The oldest ${shown} are shown. Answer some, and the others follow.`,
  notYou: "Your role does not answer for records.",
  whoDoes: (roles) => `Requests of patients are answered by those who write records: ${roles}.`,
  label: "Requests, oldest first",
  asks: { correct: "asks for a correction", erase: "asks to have it erased" },
  askedOn: "Asked",
  patient: "Patient",
  open: "Open the patient",
  notLinked: "This patient is not linked to a number here any more.",
  record: "Record",
  gone: "no longer in this hospital’s book",
  strict: "stricter than your role may see",
  words: "In the patient’s words",
  current: "The record stands as it was.",
  replace: "If the patient is right, publish the corrected version with your hospital’s own system. It names this record as the one that it takes the place of.",
  underWay: "It is being replaced or taken back, and the shared ledger does not have that yet. Look again later.",
  replaced: "A newer version has taken its place.",
  retracted: "The record was taken back.",
  erased: "It is erased: a store has certified it.",
  kept: (until, source) => `The law keeps this record until ${until} (${source}), counted from the day on which it was filed. Until then it cannot be erased.`,
  noLaw: "Your hospital has not named the law under which it keeps records, so nothing can be erased. Ask whoever runs the gateway.",
  free: "No law that your hospital named keeps it any longer.",
  erase: "Erasing needs the hospital’s offline key. Have it done with this command:",
  command: "Command to erase it",
  toAnswer: "Answer this request",
  answer: "Your answer",
  choose: "Please choose",
  answers: {
    correct: { done: "It is corrected", declined: "Declined" },
    erase: { done: "It is erased", declined: "Declined" },
  },
  notYet: {
    correct: "“It is corrected” can be chosen once a newer version has taken its place, or it was taken back.",
    erase: "“It is erased” can be chosen once a store has certified it.",
  },
  reason: "What the patient will read",
  reasonHow: "What was done, or why not, in plain words.",
  noAnswer: "Choose an answer.",
  noReason: "Write what the patient will read.",
  send: "Answer the patient",
  sure: "Send this answer?",
  sureHow: "It cannot be changed afterwards. The patient reads:",
  sent: "The patient has your answer.",
  waiting: (count) => (count === 1 ? "A patient’s request about a record waits for an answer." : `${count} requests of patients about records wait for an answer.`),
  toThem: "See the requests",
};

const zh: Words = {
  list: "患者就病历提出的申请",
  how: "申请本身不会改变任何内容。请先核实，用医院自己的系统作相应处理，再作答复。每项申请只答复一次。",
  none: "没有等待答复的申请。",
  most: (shown) => `此处显示最早的 ${shown} 项。答复一部分之后，其余的会依次显示。`,
  notYou: "您的角色不负责答复病历申请。",
  whoDoes: (roles) => `患者的申请由书写病历的人员答复：${roles}。`,
  label: "申请，最早的在前",
  asks: { correct: "请求更正", erase: "请求删除" },
  askedOn: "提出时间",
  patient: "患者",
  open: "打开该患者",
  notLinked: "此患者已不再与本机构的编号关联。",
  record: "病历",
  gone: "已不在本机构的登记中",
  strict: "其保密等级高于您的角色可见的范围",
  words: "患者的原话",
  current: "病历没有变化。",
  replace: "如患者所言属实，请用医院自己的系统发布更正后的版本，并指明它所取代的这份病历。",
  underWay: "正在取代或撤回这份病历，共享账本上尚未记录。请稍后再看。",
  replaced: "已有新版本取代它。",
  retracted: "该病历已被撤回。",
  erased: "已删除：有存储方出具了证明。",
  kept: (until, source) => `法律要求将此病历保存至${until}（${source}），自登记之日起计算。在此之前不能删除。`,
  noLaw: "本机构没有说明依据哪项法律保存病历，因此不能删除任何内容。请询问网关的管理人员。",
  free: "本机构所列的法律均不再要求保存它。",
  erase: "删除需要医院离线保管的密钥。请用以下命令办理：",
  command: "删除命令",
  toAnswer: "答复此申请",
  answer: "您的答复",
  choose: "请选择",
  answers: {
    correct: { done: "已更正", declined: "拒绝" },
    erase: { done: "已删除", declined: "拒绝" },
  },
  notYet: {
    correct: "新版本取代它或它被撤回之后，才能选择“已更正”。",
    erase: "存储方出具证明之后，才能选择“已删除”。",
  },
  reason: "患者将读到的内容",
  reasonHow: "请用浅显的话说明做了什么，或为什么没有做。",
  noAnswer: "请选择答复。",
  noReason: "请写明患者将读到的内容。",
  send: "答复患者",
  sure: "发送此答复？",
  sureHow: "发送后不能更改。患者将读到：",
  sent: "患者已收到您的答复。",
  waiting: (count) => `有 ${count} 项患者就病历提出的申请等待答复。`,
  toThem: "查看申请",
};

export const clinicPetitions = inBoth(en, zh);
