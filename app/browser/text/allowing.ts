/** Consents that somebody signs and takes back for another person, by a mandate; and how that person's page tells of them. */

import { inBoth } from "../core/language";

interface Allowing {
  readonly open: string;
  readonly only: string;
  readonly title: string;
  readonly whose: string;
  readonly by: string;
  readonly how: readonly string[];
  readonly add: string;
  readonly who: string;
  readonly choose: string;
  readonly purposes: string;
  readonly categories: string;
  readonly roles: string;
  readonly until: string;
  readonly untilHint: (day: string) => string;
  readonly show: string;
  readonly made: string;
  readonly behalf: string;
  readonly sign: string;
  readonly granted: string;
  readonly over: string;
  readonly late: string;
  readonly list: string;
  readonly none: string;
  readonly ended: (count: number) => string;
  readonly revoke: string;
  readonly revokeMeans: string;
  readonly revokeNow: string;
  readonly revoked: string;
  readonly missing: Readonly<Record<"recipient" | "purposes" | "categories" | "roles" | "until" | "together", string>>;
  readonly under: (name: string) => string;
  readonly underUnknown: string;
  readonly mandate: string;
  readonly account: string;
}

const en: Allowing = {
  open: "Allow somebody, or take it back",
  only: "It lets you read only: it names nothing for which you could allow an institution.",
  title: "Allowing for somebody else",
  whose: "You sign in the name of the person with this identity:",
  by: "By the mandate that this person gave you",
  how: [
    "What you allow stays within the mandate, and ends with it.",
    "The person sees it among their consents, with your account and the mandate, and can take it back at any time.",
  ],
  add: "Allow an institution to read",
  who: "Who may read",
  choose: "Choose…",
  purposes: "What for",
  categories: "What they may read",
  roles: "Which people there",
  until: "Until",
  untilHint: (day) => `At the latest ${day}, when the mandate ends.`,
  show: "Show me what I would sign",
  made: "Read it through. Nothing is given until you sign.",
  behalf: "On behalf of",
  sign: "Sign with my wallet",
  granted: "The consent is active. The person whom it is for sees it on their own page.",
  over: "The mandate has ended. Nothing was signed, and nothing more can be allowed under it.",
  late: "The time to sign this is over. Have it shown again.",
  list: "What you allowed under this mandate",
  none: "Nothing yet, at this hospital’s page.",
  ended: (count) => `${count} that have ended`,
  revoke: "Take it back…",
  revokeMeans: "They can read nothing more under it as soon as the shared ledger has it, which takes some seconds. What they have read stays read.",
  revokeNow: "Take it back with my wallet",
  revoked: "Taken back. Nothing more is read under it.",
  missing: {
    recipient: "Choose who may read.",
    purposes: "Choose at least one purpose.",
    categories: "Choose at least one kind of record.",
    roles: "Choose at least one group of people.",
    until: "Choose a day to come, no later than the mandate’s end.",
    together: "The mandate names no such purpose for these kinds of record. Choose others.",
  },
  under: (name) => `${name} signed this for you, by the mandate that you gave. It ends with that mandate.`,
  underUnknown: "Somebody whom you gave a mandate signed this for you. It ends with that mandate.",
  mandate: "Mandate",
  account: "Account that signed",
};

const zh: Allowing = {
  open: "给出或收回授权",
  only: "此委托只允许您查看：其中没有列出可以授权机构查看病历的用途。",
  title: "代他人给出授权",
  whose: "您以此身份的本人名义签署：",
  by: "依据对方给您的委托",
  how: [
    "您给出的授权不会超出委托的范围，并随委托一同结束。",
    "对方会在自己的授权中看到它，连同您的账户和委托，并可随时收回。",
  ],
  add: "授权机构查看",
  who: "谁可以查看",
  choose: "请选择……",
  purposes: "用途",
  categories: "可以查看什么",
  roles: "该机构的哪些人员",
  until: "到什么时候为止",
  untilHint: (day) => `最晚到 ${day}，即委托结束之时。`,
  show: "显示我将要签署的内容",
  made: "请通读一遍。在您签名之前，不会给出任何权限。",
  behalf: "代表",
  sign: "用钱包签名",
  granted: "授权已生效。对方会在自己的页面上看到它。",
  over: "委托已经结束。没有签署任何内容，也不能再依据它给出授权。",
  late: "签名时间已过。请重新显示。",
  list: "您依据此委托给出的授权",
  none: "在本医院的页面上还没有。",
  ended: (count) => `${count} 项已结束`,
  revoke: "收回……",
  revokeMeans: "共享账本记录之后（需要几秒钟），对方不能再据此查看任何内容。已经查看的内容无法收回。",
  revokeNow: "用钱包签名收回",
  revoked: "已收回。不能再据此查看任何内容。",
  missing: {
    recipient: "请选择谁可以查看。",
    purposes: "请至少选择一个用途。",
    categories: "请至少选择一类病历。",
    roles: "请至少选择一类人员。",
    until: "请选择将来的日期，且不晚于委托结束之日。",
    together: "委托没有为这些病历类别列出这样的用途。请选择其他内容。",
  },
  under: (name) => `${name} 依据您给出的委托代您签署了此授权。它随该委托一同结束。`,
  underUnknown: "您委托的人代您签署了此授权。它随该委托一同结束。",
  mandate: "委托",
  account: "签名的账户",
};

export const allowing = inBoth(en, zh);
