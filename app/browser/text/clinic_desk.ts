/** The clinician's desk: who one is here, what waits, what was asked for. */

import { inBoth } from "../core/language";

interface Desk {
  readonly who: string;
  readonly nameless: string;
  readonly name: string;
  readonly role: string;
  readonly department: string;
  readonly anyDepartment: string;
  readonly licence: string;
  readonly member: string;
  readonly account: string;
  readonly start: string;
  readonly startHow: string;
  readonly findPatient: string;
  readonly asked: string;
  readonly askedNone: string;
  readonly askedTable: string;
  readonly patient: string;
  readonly when: string;
  readonly what: string;
  readonly until: string;
  readonly state: string;
  readonly status: Readonly<Record<"proposed" | "active" | "revoked" | "expired", string>>;
  readonly open: string;
  readonly notLinked: string;
  readonly reviews: (count: number) => string;
  readonly toReviews: string;
  readonly described: (parts: readonly string[]) => string;
}

const en: Desk = {
  who: "Who you are here",
  nameless: "The settings of your member do not name this account.",
  name: "Name",
  role: "Role",
  department: "Department",
  anyDepartment: "all departments",
  licence: "Licence until",
  member: "You work for",
  account: "Your account",
  start: "Begin with a patient",
  startHow: "Scan the patient’s code, or type the DID or the number that the patient has here.",
  findPatient: "Find a patient",
  asked: "What you asked patients for",
  askedNone: "You have asked nobody for a consent yet. Find a patient, then ask.",
  askedTable: "Consents that you asked for, newest first",
  patient: "Patient",
  when: "Asked",
  what: "For",
  until: "Until",
  state: "State",
  status: { proposed: "waits for the patient", active: "in force", revoked: "revoked", expired: "over" },
  open: "Open",
  notLinked: "not linked here",
  reviews: (count) => (count === 1 ? "One emergency opening waits for its review." : `${count} emergency openings wait for their review.`),
  toReviews: "See the openings",
  described: (parts) => parts.join(", "),
};

const zh: Desk = {
  who: "您在此处的身份",
  nameless: "本机构的设置中没有为此账户登记姓名。",
  name: "姓名",
  role: "角色",
  department: "科室",
  anyDepartment: "所有科室",
  licence: "执业许可有效期至",
  member: "您所在的机构",
  account: "您的账户",
  start: "从患者开始",
  startHow: "扫描患者的二维码，或输入患者的 DID 或其在本机构的编号。",
  findPatient: "查找患者",
  asked: "您向患者请求的授权",
  askedNone: "您还没有向任何人请求授权。请先查找患者，再提出请求。",
  askedTable: "您请求的授权，最新的在前",
  patient: "患者",
  when: "请求时间",
  what: "用途",
  until: "有效期至",
  state: "状态",
  status: { proposed: "等待患者签名", active: "生效中", revoked: "已撤销", expired: "已结束" },
  open: "打开",
  notLinked: "未在此关联",
  reviews: (count) => `有 ${count} 次紧急开启等待复核。`,
  toReviews: "查看紧急开启",
  described: (parts) => parts.join("，"),
};

export const desk = inBoth(en, zh);
