/** Asking a patient for a consent. */

import { inBoth } from "../core/language";

interface Asking {
  readonly title: string;
  readonly intro: string;
  readonly purpose: string;
  readonly choose: string;
  readonly categories: string;
  readonly categoriesHint: string;
  readonly who: string;
  readonly whoHint: string;
  readonly sensitivity: string;
  readonly sensitivities: Readonly<Record<"N" | "R" | "V", string>>;
  readonly period: string;
  readonly days: Readonly<Record<"1" | "7" | "30" | "90" | "365", string>>;
  readonly send: string;
  readonly sent: string;
  readonly missing: Readonly<Record<"purpose" | "categories" | "roles" | "sensitivity" | "period", string>>;
}

const en: Asking = {
  title: "Ask for a consent",
  intro: "The patient reads this in full and signs it in the own wallet, or does not. Ask for no more than you need.",
  purpose: "What for",
  choose: "Please choose",
  categories: "Which parts of the record",
  categoriesHint: "Sensitive parts are asked for one by one.",
  who: "Who may read at your institution",
  whoHint: "Choose your own role and those you work with.",
  sensitivity: "How confidential at most",
  sensitivities: { N: "ordinary", R: "ordinary and restricted", V: "everything, also very restricted" },
  period: "For how long",
  days: { "1": "one day", "7": "one week", "30": "30 days", "90": "90 days", "365": "one year" },
  send: "Ask the patient",
  sent: "The patient has been asked. It is pending until the patient signs.",
  missing: {
    purpose: "Choose what it is for.",
    categories: "Choose at least one part of the record.",
    roles: "Choose who may read.",
    sensitivity: "Choose how confidential at most.",
    period: "Choose for how long.",
  },
};

const zh: Asking = {
  title: "请求授权",
  intro: "患者会阅读全部内容，并自行决定是否用自己的钱包签名。请只请求您需要的内容。",
  purpose: "用途",
  choose: "请选择",
  categories: "病历的哪些部分",
  categoriesHint: "敏感部分需要逐项请求。",
  who: "您所在机构中谁可以读取",
  whoHint: "请选择您自己的角色以及与您共事的角色。",
  sensitivity: "保密级别上限",
  sensitivities: { N: "普通", R: "普通和受限", V: "全部，包括高度受限" },
  period: "期限",
  days: { "1": "一天", "7": "一周", "30": "30 天", "90": "90 天", "365": "一年" },
  send: "向患者提出请求",
  sent: "已向患者提出请求。在患者签名之前处于等待状态。",
  missing: {
    purpose: "请选择用途。",
    categories: "请至少选择病历的一个部分。",
    roles: "请选择谁可以读取。",
    sensitivity: "请选择保密级别上限。",
    period: "请选择期限。",
  },
};

export const asking = inBoth(en, zh);
