/** What staff must not miss, whatever page is open. */

import { inBoth } from "../core/language";

interface Alerts {
  readonly toSign: (count: number) => string;
  readonly seeIt: string;
  readonly suspended: (member: string) => string;
  readonly expelled: (member: string) => string;
  readonly unfit: string;
  readonly unknown: string;
}

const en: Alerts = {
  toSign: (count) =>
    count === 1 ? "A colleague needs your signature for an emergency, now." : `Colleagues need your signature for ${count} emergencies, now.`,
  seeIt: "See it",
  suspended: (member) =>
    `${member} is suspended. Until that ends nobody here can read what patients permit, or open an emergency summary; ` +
    "nothing that patients permitted is lost. In an emergency ask a hospital that is not suspended.",
  expelled: (member) =>
    `${member} is no longer a member, so nobody here can read what patients permit, or open an emergency summary. ` +
    "In an emergency ask another hospital.",
  unfit:
    "You are not enrolled here any more, or your licence has ended, so nothing on these pages works for you. Ask whoever enrols " +
    "staff at your institution. In an emergency get a colleague whose licence is in force.",
  unknown:
    "The keepers give you nothing now: your institution is suspended, or your enrolment or licence has ended. It is not the patient’s " +
    "will, and nothing that was permitted is lost. Ask whoever enrols staff at your institution; in an emergency get a colleague " +
    "whose licence is in force, or ask another hospital.",
};

const zh: Alerts = {
  toSign: (count) => (count === 1 ? "一位同事现在需要您为一次紧急情况签名。" : `同事现在需要您为 ${count} 次紧急情况签名。`),
  seeIt: "查看",
  suspended: (member) =>
    `${member}已被暂停。在暂停结束之前，这里没有人可以读取患者许可的内容，也不能开启急救摘要；患者的许可不会丢失。` +
    "紧急情况下，请向未被暂停的医院求助。",
  expelled: (member) =>
    `${member}已不再是成员，因此这里没有人可以读取患者许可的内容，也不能开启急救摘要。紧急情况下，请向其他医院求助。`,
  unfit: "您已不再登记在此，或您的执业许可已到期，因此这些页面对您不起作用。请联系本机构负责人员登记的部门。紧急情况下，请找执业许可有效的同事。",
  unknown:
    "保管方目前不向您提供任何内容：您所在的机构已被暂停，或您的登记或执业许可已到期。这并非患者的意愿，已许可的内容也不会丢失。" +
    "请联系本机构负责人员登记的部门；紧急情况下，请找执业许可有效的同事，或向其他医院求助。",
};

export const alerts = inBoth(en, zh);
