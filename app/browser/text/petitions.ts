/** Asking the hospital that wrote a record to correct or to erase it. */

import type { Asks, Petition } from "../core/petitions";
import { inBoth } from "../core/language";

interface Words {
  readonly title: string;
  readonly how: string;
  readonly elsewhere: (hospital: string) => string;
  readonly there: string;
  readonly unknownThere: string;
  readonly asks: Readonly<Record<Asks, string>>;
  readonly what: string;
  readonly words: string;
  readonly wordsHow: Readonly<Record<Asks, string>>;
  readonly kept: (until: string, source: string) => string;
  readonly free: string;
  readonly noLaw: string;
  readonly eraseMeans: readonly string[];
  readonly send: string;
  readonly missing: string;
  readonly sent: string;
  readonly before: string;
  readonly asked: string;
  readonly askedNone: string;
  readonly askedOn: (when: string) => string;
  /** Before its id and hospital, where nothing of it is open. */
  readonly aRecord: string;
  readonly notOpen: string;
  readonly toOpen: string;
  readonly notAmong: string;
  /** Before the record that took its place. */
  readonly former: string;
  readonly state: Readonly<Record<Petition["state"], string>>;
}

const en: Words = {
  title: "Something wrong with it?",
  how: "You can ask the hospital that wrote this record to correct or erase it. Only that hospital reads what you write.",
  elsewhere: (hospital) => `${hospital} wrote this record, so only it can change it. Ask it on its own page, with the same wallet.`,
  there: "Go to that hospital’s page",
  unknownThere: "This page does not know that hospital’s address. Ask its records office, and tell it the record’s number:",
  asks: { correct: "Please correct it", erase: "Please erase it" },
  what: "What do you ask?",
  words: "In your own words",
  wordsHow: {
    correct: "What is wrong, and what would be right?",
    erase: "Why should it be erased?",
  },
  kept: (until, source) => `The law has this hospital keep the record until ${until} (${source}). Until then it may decline.`,
  free: "No law that this hospital named keeps the record any longer.",
  noLaw: "This hospital has not named the law under which it keeps records, so it erases nothing by itself.",
  eraseMeans: [
    "Erased is erased for you as well. Save the record first if you may need it.",
    "What others have read already cannot be unread.",
  ],
  send: "Send to the hospital",
  missing: "Please write what you ask for.",
  sent: "The hospital has your request. Its answer will appear here.",
  before: "What you asked about this record",
  asked: "What you asked here about your records",
  askedNone: "Nothing yet. Each record that this hospital wrote has a way to ask for a correction.",
  askedOn: (when) => `asked on ${when}`,
  aRecord: "The record",
  notOpen: "What it is shows once your record is open.",
  toOpen: "Open it on the overview",
  notAmong: "It is not among the records that this page shows now: taken back, erased, or sensitive and hidden.",
  former: "An earlier version of:",
  state: { open: "waiting", done: "done", declined: "declined" },
};

const zh: Words = {
  title: "内容有误？",
  how: "您可以请书写此病历的医院更正或删除它。只有该医院能看到您写的内容。",
  elsewhere: (hospital) => `此病历由${hospital}书写，只有该医院能改动。请用同一钱包在该医院的页面上申请。`,
  there: "前往该医院的页面",
  unknownThere: "本页不知道该医院的网址。请联系其病案部门，并告知此病历编号：",
  asks: { correct: "请更正", erase: "请删除" },
  what: "您的申请",
  words: "请用您自己的话说明",
  wordsHow: {
    correct: "哪里有误？正确的内容是什么？",
    erase: "为什么应当删除？",
  },
  kept: (until, source) => `法律要求该医院保存此病历至${until}（${source}）。在此之前医院可以拒绝。`,
  free: "该医院所列的法律均不再要求保存此病历。",
  noLaw: "该医院没有说明依据哪项法律保存病历，因此不会自行删除任何内容。",
  eraseMeans: ["删除后您自己也无法再看到。如可能需要，请先保存此病历。", "别人已经读过的内容无法收回。"],
  send: "发送给医院",
  missing: "请写明您的申请内容。",
  sent: "医院已收到您的申请，答复将显示在这里。",
  before: "您就此病历提出的申请",
  asked: "您在此就病历提出的申请",
  askedNone: "目前没有。在本机构书写的每份病历中都可以申请更正。",
  askedOn: (when) => `${when}提出`,
  aRecord: "病历",
  notOpen: "打开您的病历后，此处会显示它是哪份病历。",
  toOpen: "前往概览打开",
  notAmong: "它不在本页目前显示的病历中：可能已被收回或删除，或属于已隐藏的敏感病历。",
  former: "以下病历的早期版本：",
  state: { open: "等待答复", done: "已办理", declined: "已拒绝" },
};

export const petitionText = inBoth(en, zh);
