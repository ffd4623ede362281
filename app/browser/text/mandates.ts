/** Mandates: representatives for a part of the record and a time, and reading by what somebody gave. */

import { inBoth } from "../core/language";

interface Mandates {
  readonly given: {
    readonly title: string;
    readonly lead: string;
    readonly means: readonly string[];
    readonly none: string;
    readonly add: string;
    readonly what: string;
    readonly whatHint: string;
    readonly allows: string;
    readonly allowsHint: string;
    readonly show: string;
    readonly read: string;
    readonly exactHint: string;
    readonly sign: string;
    readonly change: string;
    readonly named: string;
    readonly late: string;
    readonly status: Readonly<Record<"active" | "revoked" | "expired", string>>;
    readonly ended: (count: number) => string;
    readonly save: string;
    readonly file: string;
    readonly stopMeans: string;
    readonly stopped: string;
    readonly fields: Readonly<Record<"representative" | "statement" | "id", string>>;
    readonly missing: string;
  };
  readonly held: {
    readonly title: string;
    readonly lead: string;
    readonly whose: string;
    readonly what: string;
    readonly until: string;
    readonly said: string;
    readonly grantsOnly: string;
    readonly over: string;
    readonly read: string;
    readonly bring: string;
    readonly bringFile: string;
    readonly bad: string;
    readonly brought: string;
  };
  readonly behalf: {
    readonly title: string;
    readonly who: string;
    readonly how: readonly string[];
    readonly open: string;
    readonly working: string;
    readonly opening: (done: string, of: string) => string;
    readonly back: string;
    readonly none: string;
    readonly records: (count: string) => string;
    readonly part: string;
  };
}

const en: Mandates = {
  given: {
    title: "Representatives for a part",
    lead: "Somebody who may see a part of your record, and only until a day that you choose.",
    means: [
      "They read only what you tick, in their own browser, with their own wallet.",
      "Each of their accesses shows under “Who read”, with their account and this mandate.",
      "They cannot name others or change anything about your identity. You end it at any time.",
      "They can sign consents in your name only for what you tick under “What they may allow others”, and for the same kinds of record. You see each one among your consents, and end it there.",
    ],
    none: "Nobody acts for you in a part of your record.",
    add: "Name somebody for a part",
    what: "What they may see",
    whatHint: "Only what you tick. Everything else stays closed to them.",
    allows: "What they may allow others",
    allowsHint: "For these purposes they may sign that an institution reads the same kinds of record. Tick none if they are to read only.",
    show: "Show me what I would sign",
    read: "Read it through. Nothing is given until you sign.",
    exactHint: "Compare before you sign: what your wallet shows is what counts.",
    sign: "Sign with my wallet",
    change: "Change something",
    named: "They may act for you within these limits now. They find it on their page under “People”.",
    late: "The time to sign this is over. Have it shown again.",
    status: { active: "In force", revoked: "Taken back", expired: "Ended" },
    ended: (count) => `${count} that have ended`,
    save: "Save it as a file for them",
    file: "mandate.json",
    stopMeans: "They can no longer read or sign for you, and permissions that they signed by it end. What they have read stays read.",
    stopped: "Taken back.",
    fields: { representative: "Who may act", statement: "The sentence above it", id: "Mandate id" },
    missing: "Choose at least one kind of record.",
  },
  held: {
    title: "What others let you see",
    lead: "By these mandates you read a part of somebody else’s record, or sign consents for it. Each access and each consent shows to that person, with your account.",
    whose: "Whose record",
    what: "What",
    until: "Until",
    said: "What that person signed",
    grantsOnly: "It lets you sign consents for that person, not read.",
    over: "It is not in force any more.",
    read: "Read what I may see",
    bring: "I was given a mandate as a file",
    bringFile: "The file that you were given",
    bad: "That is no mandate for this wallet on this network. Ask for the file again.",
    brought: "The mandate is shown below until you sign out.",
  },
  behalf: {
    title: "Reading for somebody else",
    who: "You read another person’s record, by a mandate:",
    how: [
      "Only what the mandate names is opened, in this browser. Nobody else sees it, the hospital neither.",
      "Your wallet asks for one signature. The person sees that you read, when and what.",
    ],
    open: "Open what I may see",
    working: "Reading",
    opening: (done, of) => `${done} of ${of} opened`,
    back: "Back to people",
    none: "Nothing that the mandate names has been filed yet.",
    records: (count) => `Records (${count})`,
    part: "This is a part of the record only: what the mandate does not name is not shown, and nothing says whether there is more.",
  },
};

const zh: Mandates = {
  given: {
    title: "部分内容的代表",
    lead: "可以查看您部分病历的人，期限由您选择。",
    means: [
      "对方只能用自己的钱包，在自己的浏览器中查看您勾选的内容。",
      "对方的每次访问都会连同账户和此委托显示在“访问记录”中。",
      "对方不能指定其他人，也不能更改您的身份。您可以随时终止。",
      "对方只能为您在“可以代为授权的用途”中勾选的用途、就同样的病历类别，以您的名义签署授权。每一份都会显示在您的授权中，您可以在那里终止。",
    ],
    none: "没有人在部分内容上代表您。",
    add: "为部分内容指定代表",
    what: "对方可以查看什么",
    whatHint: "仅限您勾选的内容。其余内容对其保持关闭。",
    allows: "可以代为授权的用途",
    allowsHint: "对方可以为这些用途签署授权，允许机构查看同样的病历类别。如果只允许对方本人查看，请不要勾选。",
    show: "显示我将要签署的内容",
    read: "请通读一遍。在您签名之前，不会给出任何权限。",
    exactHint: "签名前请核对：以钱包中显示的内容为准。",
    sign: "用钱包签名",
    change: "修改内容",
    named: "对方现在可以在此范围内代表您，并可在自己的“相关人员”页面中找到此委托。",
    late: "签名时间已过。请重新显示。",
    status: { active: "生效中", revoked: "已收回", expired: "已结束" },
    ended: (count) => `${count} 项已结束`,
    save: "存为文件交给对方",
    file: "mandate.json",
    stopMeans: "对方不能再代您查看或签署，依据此委托签署的许可也一并结束。已经查看的内容无法收回。",
    stopped: "已收回。",
    fields: { representative: "谁可以代表", statement: "上方的声明", id: "委托编号" },
    missing: "请至少选择一类病历。",
  },
  held: {
    title: "他人允许您查看的内容",
    lead: "依据这些委托，您可以查看他人的部分病历，或代其给出授权。每次访问和每份授权都会连同您的账户显示给对方。",
    whose: "谁的病历",
    what: "内容",
    until: "到什么时候为止",
    said: "对方签署的内容",
    grantsOnly: "此委托只允许您代其给出授权，不允许查看。",
    over: "此委托已不再生效。",
    read: "查看允许我看的内容",
    bring: "我收到了委托文件",
    bringFile: "您收到的文件",
    bad: "这不是本网络上给予此钱包的委托。请让对方重新提供文件。",
    brought: "此委托显示在下方，直到您退出登录。",
  },
  behalf: {
    title: "代他人查看",
    who: "您正在依据委托查看另一个人的病历：",
    how: [
      "只会在此浏览器中打开委托所列的内容。其他人看不到，医院也看不到。",
      "钱包会请您签名一次。对方会看到您何时查看了什么。",
    ],
    open: "打开允许我看的内容",
    working: "正在读取",
    opening: (done, of) => `已打开 ${done} / ${of}`,
    back: "返回相关人员",
    none: "委托所列的内容目前还没有归档的病历。",
    records: (count) => `病历（${count}）`,
    part: "这只是病历的一部分：委托未列出的内容不会显示，也不会说明是否还有其他内容。",
  },
};

export const mandates = inBoth(en, zh);
