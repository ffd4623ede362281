/** What is new: openings of the emergency summary, consents that are asked for, members that were suspended. */

import { inBoth } from "../core/language";

interface NewsWords {
  readonly unseen: (count: number) => string;
  readonly lead: string;
  readonly none: string;
  readonly list: string;
  readonly isNew: string;
  readonly seen: string;
  readonly allSeen: string;
  readonly opening: (member: string) => string;
  readonly openingHint: string;
  readonly openingLink: string;
  readonly consent: (member: string) => string;
  readonly consentHint: string;
  readonly consentLink: string;
  readonly suspended: (member: string) => string;
  readonly suspendedHint: string;
  readonly suspendedLink: string;
  readonly answered: (member: string) => string;
  readonly answeredHint: string;
  readonly answeredLink: string;
}

const en: NewsWords = {
  unseen: (count) => (count === 1 ? "1 new" : `${count} new`),
  lead: "What happened around your record. It stays here until you say that you have seen it.",
  none: "There is nothing new.",
  list: "What is new",
  isNew: "New",
  seen: "I have seen it",
  allSeen: "I have seen all",
  opening: (member) => `Two people of ${member} opened your emergency summary`,
  openingHint: "They could read your allergies, medicines and problems for some hours. A third person has to judge it.",
  openingLink: "See the opening",
  consent: (member) => `${member} asks for a consent`,
  consentHint: "Read what it asks for. Nothing is given before you sign.",
  consentLink: "See what is asked for",
  suspended: (member) => `${member} was suspended or expelled`,
  suspendedHint:
    "You gave it a consent. As long as it is suspended, nobody there can read anything of yours; if it is reinstated, your " +
    "consent counts again. You can revoke it.",
  suspendedLink: "See your consents",
  answered: (member) => `${member} answered what you asked about a record`,
  answeredHint: "What was done, or why not, stands beside your request.",
  answeredLink: "See the answer",
};

const zh: NewsWords = {
  unseen: (count) => `${count} 条新消息`,
  lead: "与您的健康档案有关的事情。在您表示已看到之前，会一直留在这里。",
  none: "没有新消息。",
  list: "新消息",
  isNew: "新",
  seen: "我已看到",
  allSeen: "全部已看到",
  opening: (member) => `${member} 的两名人员打开了您的急救摘要`,
  openingHint: "他们可在数小时内读取您的过敏、用药和疾病。须由第三人审查。",
  openingLink: "查看这次打开",
  consent: (member) => `${member} 请求您的授权`,
  consentHint: "请阅读其请求的内容。在您签名之前，不会提供任何内容。",
  consentLink: "查看请求的内容",
  suspended: (member) => `${member} 已被暂停或除名`,
  suspendedHint: "您曾给它授权。在暂停期间，那里没有人能读取您的任何内容；如果恢复，授权将重新有效。您可以撤销授权。",
  suspendedLink: "查看您的授权",
  answered: (member) => `${member} 答复了您就病历提出的申请`,
  answeredHint: "做了什么、或为什么没有做，写在您的申请旁边。",
  answeredLink: "查看答复",
};

export const news = inBoth(en, zh);
