/** Guardians, and what becomes of a lost key. */

import { inBoth } from "../core/language";

interface Guardians {
  readonly pending: {
    readonly title: string;
    readonly words: (moment: string) => string;
    readonly account: string;
    readonly stop: string;
    readonly stopHint: string;
    readonly spent: string;
    readonly stopped: string;
    readonly notYours: string;
    readonly look: string;
    readonly unasked: string;
  };
  readonly guardians: {
    readonly title: string;
    readonly lead: string;
    readonly means: readonly string[];
    readonly none: string;
    readonly some: string;
    readonly changing: (moment: string) => string;
    readonly ending: (moment: string) => string;
    readonly name: string;
    readonly change: string;
    readonly changeHint: (delay: string) => string;
    readonly person: (number: number) => string;
    readonly more: string;
    readonly threshold: string;
    readonly enough: string;
    readonly tooMany: (enough: number, named: number) => string;
    readonly letter: string;
    readonly letterHint: string;
    readonly file: string;
    readonly sign: string;
    readonly first: string;
    readonly named: string;
    readonly remove: string;
    readonly removeMeans: (delay: string) => string;
    readonly removed: string;
  };
  readonly guarding: {
    readonly title: string;
    readonly lead: string;
    readonly letter: string;
    readonly bad: string;
    readonly whose: string;
    readonly account: string;
    readonly accountHint: string;
    readonly agreed: (count: number, of: number) => string;
    readonly agree: string;
    readonly means: readonly string[];
    readonly waits: string;
    readonly started: (moment: string) => string;
    readonly look: string;
    readonly notYou: string;
    readonly unlike: string;
  };
  readonly lost: {
    readonly title: string;
    readonly steps: readonly string[];
    readonly yours: string;
    readonly copy: string;
    readonly copied: string;
  };
}

const en: Guardians = {
  pending: {
    title: "Somebody is taking over this identity",
    words: (moment) => `Enough guardians agreed to give it to another wallet. It happens from ${moment} on unless you stop it.`,
    account: "The other wallet",
    stop: "Stop it with my wallet",
    stopHint: "Did you not ask your guardians for this? Then stop it now. You can do this once.",
    spent: "You stopped a recovery before, so this one cannot be stopped. Speak to your guardians at once.",
    stopped: "Stopped. Speak to your guardians: the next recovery cannot be stopped until you name guardians anew.",
    notYours: "Only the person’s own wallet can stop it.",
    look: "See it, and stop it if you did not ask for it",
    unasked: "It could not be checked whether another wallet is about to take over your identity. Open this page again in a while.",
  },
  guardians: {
    title: "Guardians",
    lead: "People who together give your identity to a new wallet if you lose this one. Name them while you still have it.",
    means: [
      "One of them alone can do nothing. They never see your record.",
      "Nobody sees who they are until they act.",
      "Each gets a letter, a file, from you. Without a letter they cannot help: make sure that they keep it.",
    ],
    none: "Nobody guards your identity. If this wallet is lost, your records stay with your hospitals, but you cannot give or end consents.",
    some: "Guardians are named. Who they are stands in the letters that you gave them, and nowhere else.",
    changing: (moment) => `Other guardians take their place on ${moment}.`,
    ending: (moment) => `From ${moment} on nobody guards your identity.`,
    name: "Name guardians",
    change: "Name others…",
    changeHint: (delay) => `A change counts after ${delay}, so that a thief cannot swap your guardians at once.`,
    person: (number) => `Guardian ${number}`,
    more: "One more guardian",
    threshold: "How many of them are enough",
    enough: "Say how many guardians are enough: a whole number, at least 1.",
    tooMany: (enough, named) =>
      `You say that ${enough} guardians are enough, but filled in ${named}. Fill in more of them, or say a smaller number.`,
    letter: "Save the letter for your guardians",
    letterHint: "Save it first, and give it to each of them. Then sign.",
    file: "guardian-letter.json",
    sign: "Name them with my wallet",
    first: "Save the letter first: without it your guardians cannot help you.",
    named: "Your guardians are named. Give each of them the letter.",
    remove: "Name nobody…",
    removeMeans: (delay) => `After ${delay} nobody can give you your identity back if this wallet is lost.`,
    removed: "The end of your guardians is on its way.",
  },
  guarding: {
    title: "I am somebody’s guardian",
    lead: "Did somebody lose their wallet and ask you for help? Take the letter that they gave you.",
    letter: "The guardian letter",
    bad: "This file is no guardian letter of this network.",
    whose: "Identity",
    account: "Account of their new wallet",
    accountHint: "Let the person show it to you themselves, face to face or by video. Whoever holds this wallet becomes that person here.",
    agreed: (count, of) => `${count} of ${of} guardians that are needed have agreed.`,
    agree: "Agree with my wallet",
    means: [
      "I have spoken to the person myself, and know that they lost their wallet.",
      "I have compared the account of the new wallet with them.",
    ],
    waits: "Your word is kept. The recovery starts when enough guardians have agreed.",
    started: (moment) => `The recovery has started. The new wallet can take over from ${moment} on.`,
    look: "Look again",
    unlike:
      "Other guardians have agreed to another account than this one. Compare it with the person once more, and speak with the other guardians. " +
      "If you are sure, press again.",
    notYou: "You are not one of the guardians in this letter: choose the wallet whose account stands in it.",
  },
  lost: {
    title: "If a wallet is lost",
    steps: [
      "Make a new wallet and sign in here with it.",
      "Show its account to your guardians, and let them compare it.",
      "When enough of them have agreed, wait for the time that is shown.",
      "Then take over your identity under “Whom you act for”.",
    ],
    yours: "The account of the wallet that you signed in with:",
    copy: "Copy",
    copied: "Copied.",
  },
};

const zh: Guardians = {
  pending: {
    title: "有人正在接管此身份",
    words: (moment) => `足够多的监护人同意把它交给另一个钱包。如果您不阻止，从 ${moment} 起即可完成。`,
    account: "另一个钱包",
    stop: "用我的钱包阻止",
    stopHint: "您没有请监护人这样做？请立即阻止。您只能阻止一次。",
    spent: "您以前阻止过一次恢复，因此这一次无法阻止。请立即联系您的监护人。",
    stopped: "已阻止。请联系您的监护人：在您重新指定监护人之前，下一次恢复无法阻止。",
    notYours: "只有本人的钱包可以阻止。",
    look: "查看；如非您所请求，请阻止",
    unasked: "无法核实是否有另一个钱包正要接管您的身份。请稍后再打开本页。",
  },
  guardians: {
    title: "监护人",
    lead: "如果您丢失了这个钱包，他们可以共同把您的身份交给新的钱包。请在还持有钱包时指定他们。",
    means: [
      "任何一位监护人单独都无法做任何事。他们永远看不到您的病历。",
      "在他们行动之前，没有人知道他们是谁。",
      "每位监护人都会从您这里得到一封信（一个文件）。没有信就无法帮助您：请确认他们妥善保存。",
    ],
    none: "没有人守护您的身份。如果丢失这个钱包，病历仍在医院，但您将无法给出或终止授权。",
    some: "已指定监护人。他们是谁只写在您交给他们的信中，别处都没有。",
    changing: (moment) => `${moment} 起由其他监护人接替。`,
    ending: (moment) => `${moment} 起没有人守护您的身份。`,
    name: "指定监护人",
    change: "指定其他人……",
    changeHint: (delay) => `更改在 ${delay}后生效，以免盗用者立即替换您的监护人。`,
    person: (number) => `第 ${number} 位监护人`,
    more: "再加一位监护人",
    threshold: "其中几位就足够",
    enough: "请填写几位监护人就足够：不小于 1 的整数。",
    tooMany: (enough, named) => `您要求 ${enough} 位监护人同意，却只填写了 ${named} 位。请填写更多监护人，或减小这个数字。`,
    letter: "保存给监护人的信",
    letterHint: "请先保存，并交给每位监护人，然后再签名。",
    file: "guardian-letter.json",
    sign: "用钱包指定",
    first: "请先保存信件：没有它，监护人无法帮助您。",
    named: "已指定您的监护人。请把信交给每一位。",
    remove: "不再指定任何人……",
    removeMeans: (delay) => `${delay}后，如果丢失这个钱包，将没有人能把身份还给您。`,
    removed: "监护人的终止已在进行中。",
  },
  guarding: {
    title: "我是某人的监护人",
    lead: "有人丢失了钱包并请您帮忙？请准备好对方给您的信。",
    letter: "监护人信件",
    bad: "这个文件不是本网络的监护人信件。",
    whose: "身份",
    account: "对方新钱包的账户",
    accountHint: "请让对方当面或通过视频亲自出示。持有这个钱包的人，在这里就成为那个人。",
    agreed: (count, of) => `需要 ${of} 位监护人，已有 ${count} 位同意。`,
    agree: "用钱包表示同意",
    means: ["我亲自与本人谈过，确认对方丢失了钱包。", "我与本人核对了新钱包的账户。"],
    waits: "您的意见已保存。足够多的监护人同意后，恢复就会开始。",
    started: (moment) => `恢复已经开始。新钱包从 ${moment} 起可以接管。`,
    look: "重新查看",
    unlike: "其他监护人同意的是另一个账户。请再次与本人核对，并与其他监护人沟通。如果您确定，请再按一次。",
    notYou: "您不在这封信的监护人之列：请选择信中所列账户的钱包。",
  },
  lost: {
    title: "如果钱包丢失",
    steps: [
      "创建一个新钱包，并用它在这里登录。",
      "把它的账户出示给您的监护人，让他们核对。",
      "足够多的监护人同意后，等到所示的时间。",
      "然后在“您代表谁”中接管您的身份。",
    ],
    yours: "您登录所用钱包的账户：",
    copy: "复制",
    copied: "已复制。",
  },
};

export const guardians = inBoth(en, zh);
