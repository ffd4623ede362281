/** News by e-mail, in the settings. */

import { inBoth } from "../core/language";

interface Mail {
  readonly title: string;
  readonly hint: string;
  readonly off: string;
  readonly address: string;
  readonly send: string;
  readonly sent: (address: string) => string;
  readonly code: string;
  readonly confirm: string;
  readonly other: string;
  readonly on: (address: string) => string;
  readonly confirmed: string;
  readonly stop: string;
  readonly stopped: string;
}

const en: Mail = {
  title: "News by e-mail",
  hint:
    "A message says that somebody asks for your consent, that your emergency summary was opened, or that an institution was " +
    "suspended, and where to sign in. It says nothing of your record. Whoever can read your mail learns that there is news.",
  off: "This hospital tells nobody by e-mail. News waits for you on this page.",
  address: "E-mail address",
  send: "Send a code there",
  sent: (address) => `A code of six digits is on its way to ${address}. It is good for 15 minutes.`,
  code: "Code from the message",
  confirm: "Confirm",
  other: "Use another address",
  on: (address) => `News goes to ${address}.`,
  confirmed: "From now on you are told by e-mail as well.",
  stop: "Stop, and forget the address",
  stopped: "The address is forgotten. News waits for you on this page.",
};

const zh: Mail = {
  title: "电子邮件通知",
  hint:
    "邮件只告知有人请求您的授权、您的急救摘要被打开，或某家机构被暂停资格，以及在哪里登录，不含您档案中的任何内容。" +
    "能读到您邮件的人会知道有新消息。",
  off: "这家医院不通过电子邮件通知任何人。新消息会在本页等您查看。",
  address: "电子邮箱",
  send: "发送验证码",
  sent: (address) => `六位数字的验证码正发往 ${address}，15 分钟内有效。`,
  code: "邮件中的验证码",
  confirm: "确认",
  other: "改用另一个邮箱",
  on: (address) => `新消息会发往 ${address}。`,
  confirmed: "今后也会通过电子邮件通知您。",
  stop: "停止并删除邮箱地址",
  stopped: "邮箱地址已删除。新消息会在本页等您查看。",
};

export const mail = inBoth(en, zh);
