/** The consents of a patient to the reader's institution, in short. */

import { inBoth } from "../core/language";

interface Words {
  readonly title: string;
  readonly none: string;
  readonly noneNow: string;
  readonly over: (count: number) => string;
  readonly until: string;
  readonly everything: string;
  readonly anyPurpose: string;
  readonly inShort: (what: string, why: string) => string;
  readonly inPart: (words: string) => string;
  readonly anybody: string;
  readonly readers: (roles: string) => string;
  readonly notYou: string;
  readonly words: string;
  /** What became of what was asked for; `declined` is kept nowhere. */
  readonly answered: Readonly<Record<"active" | "revoked" | "expired" | "declined", string>>;
}

const en: Words = {
  title: "Consents of this patient to your institution",
  none: "There is none yet. Ask for one below.",
  noneNow: "None is in force, and none waits for the patient. Ask for one below.",
  over: (count) => (count === 1 ? "One that is over" : `${count} that are over`),
  until: "until",
  everything: "every part of the record",
  anyPurpose: "any purpose",
  inShort: (what, why) => `${what} – for ${why}`,
  inPart: (words) => `${words} (with limits)`,
  anybody: "anybody who works with records",
  readers: (roles) => `May be read by: ${roles}.`,
  notYou: "Your role is not among them: you read nothing by this one.",
  words: "What it says",
  answered: {
    active: "The patient has signed what you asked for. It is in force.",
    revoked: "The patient has revoked what you asked for.",
    expired: "The time to sign what you asked for is over.",
    declined: "The patient does not want what you asked for, and has signed nothing.",
  },
};

const zh: Words = {
  title: "此患者给予您所在机构的授权",
  none: "目前没有。请在下方提出请求。",
  noneNow: "目前没有生效的授权，也没有等待患者签名的请求。请在下方提出请求。",
  over: (count) => `已结束的 ${count} 项`,
  until: "有效期至",
  everything: "病历的所有部分",
  anyPurpose: "任何用途",
  inShort: (what, why) => `${what}——用于${why}`,
  inPart: (words) => `${words}（有限制）`,
  anybody: "所有处理病历的人员",
  readers: (roles) => `可以读取的人员：${roles}。`,
  notYou: "其中不包括您的角色：您不能凭此项读取任何内容。",
  words: "授权内容",
  answered: {
    active: "患者已签署您请求的授权，现已生效。",
    revoked: "患者已撤销您请求的授权。",
    expired: "签署您请求的授权的时间已过。",
    declined: "患者不同意您的请求，没有签署任何内容。",
  },
};

export const clinicConsents = inBoth(en, zh);
