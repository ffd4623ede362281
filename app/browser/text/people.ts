/** The people around a patient: whom a wallet acts for, and who acts for the patient. */

import { inBoth } from "../core/language";

interface People {
  readonly acting: {
    readonly title: string;
    readonly self: string;
    readonly notSelf: string;
    readonly others: string;
    readonly how: Readonly<Record<"controller" | "representative" | "recovery", string>>;
    readonly open: string;
    readonly goOn: string;
    readonly leave: string;
    readonly controls: string;
    readonly anybody: string;
    readonly more: string;
    readonly elsewhere: string;
    readonly elsewhereHow: readonly string[];
    readonly look: string;
    readonly unasked: string;
    readonly before: Readonly<
      Record<"title" | "whose" | "stranger" | "another" | "controls" | "did" | "actsToo" | "nobody" | "guards" | "guarded" | "taken" | "more" | "yes", string>
    >;
    readonly finish: string;
    readonly finished: string;
    readonly from: (moment: string) => string;
    readonly due: string;
    readonly other: string;
    readonly otherHint: string;
    readonly openOther: string;
    readonly own: string;
    readonly bad: string;
  };
  readonly representatives: {
    readonly title: string;
    readonly lead: string;
    readonly means: readonly string[];
    readonly none: string;
    readonly unnamed: string;
    readonly until: (moment: string) => string;
    readonly add: string;
    readonly account: string;
    readonly accountHint: string;
    readonly name: string;
    readonly nameHint: string;
    readonly end: string;
    readonly sign: string;
    readonly named: string;
    readonly stop: string;
    readonly stopMeans: string;
    readonly stopNow: string;
    readonly ended: string;
    readonly onlyController: string;
  };
  readonly missing: Readonly<Record<"account" | "until" | "twice" | "self", string>>;
  readonly differs: string;
  readonly delay: (seconds: number) => string;
}

const days = (seconds: number): number => Math.ceil(seconds / 86_400);

const en: People = {
  acting: {
    title: "Whom you act for",
    self: "You are signed in for yourself.",
    notSelf: "You are signed in for somebody else. Whatever you sign here counts for that person.",
    others: "This wallet may also act for:",
    how: {
      controller: "this wallet controls it now",
      representative: "they named you their representative",
      recovery: "guardians are giving this identity to this wallet",
    },
    open: "Act for this person",
    goOn: "Go on with this identity",
    leave: "Leave it, and sign in for this wallet alone",
    controls: "Your wallet controls this identity. Whatever you sign here counts for it. Whoever else acts for it, and who guards it, stands above.",
    anybody: "Anybody can name your wallet without asking you. One that you do not know may be a stranger’s: link no records to it.",
    more: "There are more than are shown: the newest stand here. For another one, give its DID below.",
    elsewhere: "Other identities name this wallet",
    elsewhereHow: [
      "Each wallet begins with an empty record of its own. If guardians gave a lost identity to this wallet, you find it under “People”.",
      "Compare its DID with your emergency card or your guardian letter. Anybody can name your wallet without asking you: an identity that you do not know may be a stranger’s.",
    ],
    look: "See which",
    unasked: "Whether other identities name this wallet could not be asked. Look under “People” later.",
    before: {
      title: "Is this identity yours?",
      whose: "Do you know this identity?",
      stranger:
        "Go on only if this DID stands on your own emergency card or guardian letter. A stranger can hand an identity to your wallet without asking you, and read whatever comes to stand in it.",
      another:
        "Go on only if this DID stands on the emergency card or guardian letter of somebody whom you know. Anybody can name your wallet without asking you, and hand the identity over to it later. Whatever you sign counts for it.",
      did: "The identity",
      controls: "Who controls it",
      actsToo: "Who else acts for it, and reads all of it",
      nobody: "nobody whom the shared ledger names",
      guards: "Who can give it to another wallet",
      guarded: "Guardians are named. Compare with the letter that you saved:",
      taken: "Being given to this wallet now",
      more: "If it is yours, end what you do not know under “People” and “Consents”, and renew your directory’s keys, before records are linked to it.",
      yes: "I know this DID: go on",
    },
    finish: "Take over this identity",
    finished: "This wallet controls the identity now. Go on with it under “Whom you act for”, and renew your directory’s keys.",
    from: (moment) => `Possible from ${moment}`,
    due: "The waiting time is over.",
    other: "Somebody else’s DID",
    otherHint: "It begins with did:ethr: and stands on that person’s emergency card or guardian letter.",
    openOther: "Act for this DID",
    own: "Back to my own identity",
    bad: "That is no DID or account of this network. Compare it with the original.",
  },
  representatives: {
    title: "Representatives",
    lead: "Somebody who acts for you: a parent, a partner, a carer.",
    means: [
      "They read your whole record here, sensitive parts too, and sign and revoke consents in your name.",
      "Each of their accesses shows under “Who read”, with their account.",
      "They cannot change your guardians or name others. You end it at any time.",
    ],
    none: "Nobody acts for you.",
    unnamed: "without a name",
    until: (moment) => `until ${moment}`,
    add: "Name a representative",
    account: "Account of their wallet",
    accountHint: "They find it in their wallet, or on this page under “If a wallet is lost”. Compare it with them, letter by letter.",
    name: "What you call them",
    nameHint: "Only you and this hospital’s gateway see this name. Everybody sees the account.",
    end: "Until",
    sign: "Name them with my wallet",
    named: "They act for you now.",
    stop: "End…",
    stopMeans: "They can no longer read or sign for you. What they have read or signed stays. Renew your directory’s keys afterwards.",
    stopNow: "End it with my wallet",
    ended: "Ended. Renew your directory’s keys under “Consents”, so that they learn of nothing new.",
    onlyController: "Only the person’s own wallet can change this.",
  },
  missing: {
    account: "An account is 0x and 40 digits or letters a to f.",
    until: "Choose a day in the future.",
    twice: "Each guardian must have an account of their own.",
    self: "This must be another account than your own.",
  },
  differs:
    "What this hospital’s gateway says about your identity is not what the shared ledger says. This page shows what the ledger says. " +
    "If it stays so for some minutes, use another hospital’s page and tell the patients’ council.",
  delay: (seconds) => (seconds < 86_400 ? `${seconds} seconds` : `${days(seconds)} days`),
};

const zh: People = {
  acting: {
    title: "您代表谁",
    self: "您以自己的身份登录。",
    notSelf: "您正在代表另一个人。您在这里签署的一切都对那个人生效。",
    others: "此钱包还可以代表：",
    how: {
      controller: "该身份现在由此钱包控制",
      representative: "对方指定您为代表",
      recovery: "监护人正在把该身份交给此钱包",
    },
    open: "代表此人",
    goOn: "以此身份继续",
    leave: "离开此身份，只以此钱包登录",
    controls: "您的钱包控制此身份。您在这里签署的一切都对此身份生效。还有谁代表它、谁监护它，见上方。",
    anybody: "任何人都可以不经询问就指定您的钱包。您不认识的身份可能属于陌生人：请不要把病历关联到它。",
    more: "还有更多未显示：这里只列出最新的。如需其他身份，请在下方填写其 DID。",
    elsewhere: "有其他身份指向此钱包",
    elsewhereHow: [
      "每个钱包最初都只有自己的空病历。如果监护人把丢失的身份交给了此钱包，可在“相关人员”中找到。",
      "请将其 DID 与您的急救卡或监护人信件核对。任何人都可以不经询问就指定您的钱包：您不认识的身份可能属于陌生人。",
    ],
    look: "查看是哪些",
    unasked: "无法查询是否有其他身份指向此钱包。请稍后在“相关人员”中查看。",
    before: {
      title: "这个身份是您的吗？",
      whose: "您认识这个身份吗？",
      stranger: "只有当此 DID 写在您自己的急救卡或监护人信件上时才继续。陌生人可以不经询问就把身份交给您的钱包，并读取之后归入其中的一切。",
      another: "只有当此 DID 写在您认识的人的急救卡或监护人信件上时才继续。任何人都可以不经询问就指定您的钱包，之后再把身份交给它。您签署的一切都对此身份生效。",
      did: "该身份",
      controls: "由谁控制",
      actsToo: "还有谁代表它，并能读取全部内容",
      nobody: "共享账本上未指定任何人",
      guards: "谁可以把它交给另一个钱包",
      guarded: "已指定监护人。请与您保存的信件核对：",
      taken: "正在被交给此钱包",
      more: "如果它是您的，请先在“相关人员”和“授权”中终止您不认识的内容，并更新目录密钥，然后再关联病历。",
      yes: "我认识此 DID：继续",
    },
    finish: "接管此身份",
    finished: "该身份现在属于此钱包。请在“您代表谁”中以它继续，并更新目录密钥。",
    from: (moment) => `${moment} 起可以接管`,
    due: "等待时间已过。",
    other: "另一个人的 DID",
    otherHint: "以 did:ethr: 开头，可在对方的急救卡或监护人信件上找到。",
    openOther: "代表此 DID",
    own: "返回我自己的身份",
    bad: "这不是本网络的 DID 或账户。请与原件核对。",
  },
  representatives: {
    title: "代表",
    lead: "代您处理事务的人：父母、伴侣或照护者。",
    means: [
      "他们可以在这里查看您的全部病历，包括敏感内容，并以您的名义签署和撤销授权。",
      "他们的每次访问都会连同账户显示在“访问记录”中。",
      "他们不能更改您的监护人，也不能指定其他人。您可以随时终止。",
    ],
    none: "没有人代表您。",
    unnamed: "未命名",
    until: (moment) => `至 ${moment}`,
    add: "指定代表",
    account: "对方钱包的账户",
    accountHint: "对方可以在钱包中找到，或在本页“如果钱包丢失”中找到。请与对方逐字核对。",
    name: "您对此人的称呼",
    nameHint: "只有您和这家医院的网关能看到这个名字。账户则所有人都能看到。",
    end: "到什么时候为止",
    sign: "用钱包指定",
    named: "此人现在可以代表您。",
    stop: "终止……",
    stopMeans: "对方不能再代您查看或签署。已经查看或签署的内容保持不变。之后请更新您的目录密钥。",
    stopNow: "用钱包终止",
    ended: "已终止。请在“授权”中更新目录密钥，使对方无法得知新的内容。",
    onlyController: "只有本人的钱包可以更改。",
  },
  missing: {
    account: "账户为 0x 加 40 位数字或字母 a 到 f。",
    until: "请选择一个将来的日期。",
    twice: "每位监护人必须有各自的账户。",
    self: "必须是您自己以外的账户。",
  },
  differs: "这家医院的网关关于您身份的说法与共享账本不一致。本页显示的是账本的内容。如果几分钟后仍然如此，请改用其他医院的页面，并告知患者委员会。",
  delay: (seconds) => (seconds < 86_400 ? `${seconds} 秒` : `${days(seconds)} 天`),
};

export const people = inBoth(en, zh);
