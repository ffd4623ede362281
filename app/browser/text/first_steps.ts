/** What a patient meets first: three steps, and which of them are done. */

import { inBoth } from "../core/language";

interface Step {
  readonly title: string;
  readonly words: string;
}

interface FirstSteps {
  readonly title: string;
  readonly lead: string;
  readonly done: string;
  readonly link: Step & { readonly open: string; readonly show: string; readonly linked: (member: string, since: string) => string };
  readonly agree: Step & { readonly look: string; readonly given: (count: string) => string };
  readonly watch: Step & { readonly look: string };
}

const en: FirstSteps = {
  title: "Your first three steps",
  lead: "None of them costs anything. Your wallet asks you each time, and nothing happens without your signature.",
  done: "Done",
  link: {
    title: "Let a hospital know you",
    words:
      "Open your directory once, so that hospitals can file what they write about you. Then, at the desk, show the code of " +
      "your emergency card: this page asks you to sign.",
    open: "Open my directory",
    show: "Show my code",
    linked: (member, since) => `${member} knows you since ${since}.`,
  },
  agree: {
    title: "Decide who may read",
    words:
      "A hospital asks you here, or you give a consent yourself. You read it in plain words before you sign, and you can " +
      "take it back at any time.",
    look: "To my consents",
    given: (count) => `${count} in force`,
  },
  watch: {
    title: "See who read",
    words: "Independent keepers write down every reading before it happens. Look whenever you like: your own browser checks it.",
    look: "See who read",
  },
};

const zh: FirstSteps = {
  title: "最初的三步",
  lead: "每一步都不收费。每次都由您的钱包询问您；没有您的签名，什么也不会发生。",
  done: "已完成",
  link: {
    title: "让医院认识您",
    words: "先打开一次您的目录，医院才能为您归档。然后在医院窗口出示您急救卡上的二维码：本页会请您签名。",
    open: "打开我的目录",
    show: "出示我的二维码",
    linked: (member, since) => `${member} 自 ${since} 起认识您。`,
  },
  agree: {
    title: "决定谁可以读取",
    words: "医院会在这里向您请求授权，您也可以自己给出授权。签名之前您会看到明白的文字，并且随时可以撤销。",
    look: "查看我的授权",
    given: (count) => `${count} 份生效中`,
  },
  watch: {
    title: "查看谁读取过",
    words: "相互独立的保管方在每次读取之前都会先记录下来。您随时可以查看，由您自己的浏览器核验。",
    look: "查看谁读取过",
  },
};

export const firstSteps = inBoth(en, zh);
