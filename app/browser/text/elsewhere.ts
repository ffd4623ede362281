/** Consents to a hospital that does not serve the page. */

import { inBoth } from "../core/language";

interface Elsewhere {
  readonly why: (name: string) => string;
  readonly tell: string;
  readonly told: (name: string) => string;
  readonly notTold: (name: string) => string;
  readonly save: string;
  readonly file: string;
  readonly bring: string;
  readonly bringFile: string;
  readonly brought: string;
  readonly bad: string;
}

const en: Elsewhere = {
  why: (name) => `${name} needs to know the terms. This page sends them there; you can also take them along as a file.`,
  tell: "Send the terms again",
  told: (name) => `${name} knows the terms.`,
  notTold: (name) => `${name} could not be told the terms just now: send them again later, or take them along as a file.`,
  save: "Save as a file",
  file: "consent.json",
  bring: "I signed a consent at another hospital’s page",
  bringFile: "The file that you saved there",
  brought: "This hospital knows the terms now.",
  bad: "This file is no consent that was saved by such a page.",
};

const zh: Elsewhere = {
  why: (name) => `${name} 需要知道条款。本页会把条款发送过去；您也可以保存为文件随身带去。`,
  tell: "重新发送条款",
  told: (name) => `${name} 已知道条款。`,
  notTold: (name) => `目前无法把条款告知 ${name}：请稍后重新发送，或保存为文件带去。`,
  save: "保存为文件",
  file: "consent.json",
  bring: "我在另一家医院的页面上签署过授权",
  bringFile: "在那里保存的文件",
  brought: "这家医院现在知道条款了。",
  bad: "这个文件不是此类页面保存的授权。",
};

export const elsewhere = inBoth(en, zh);
