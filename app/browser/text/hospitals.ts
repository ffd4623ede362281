/** Which hospitals know the patient, and what a desk asks for: to link the wallet with the patient number there. */

import { inBoth } from "../core/language";

interface Hospitals {
  readonly lead: string;
  readonly banner: (member: string) => string;
  readonly toDesk: string;
  readonly none: string;
  readonly noneHow: string;
  readonly showCode: string;
  readonly asks: (member: string) => string;
  readonly means: string;
  readonly text: string;
  readonly sign: string;
  readonly signed: string;
  readonly look: string;
  readonly yours: string;
  readonly here: string;
  readonly linked: (since: string) => string;
  readonly notLinked: string;
  readonly elsewhere: string;
  readonly filed: (count: string) => string;
  readonly mayRead: (count: string) => string;
  readonly ownPage: string;
  readonly unread: string;
  readonly toOverview: string;
  readonly desk: string;
}

const en: Hospitals = {
  lead: "Hospitals that know you by this wallet, have filed records for you, or may read.",
  banner: (member) => `${member} asks to link your wallet. Are you at its desk now?`,
  toDesk: "See what it asks",
  none: "Nobody asks you to link your wallet now.",
  noneHow: "At the desk, staff scan the code of your emergency card or type your DID. What they ask then appears here by itself.",
  showCode: "Show my code",
  asks: (member) => `${member} asks to link your wallet`,
  means: "Sign only if you stand at its desk now. Then it can file what it writes about you under this wallet. It lets nobody read anything, and costs nothing.",
  text: "What your wallet shows",
  sign: "Sign with your wallet",
  signed: "Your wallet is linked.",
  look: "Look again",
  yours: "Your hospitals",
  here: "serves this page",
  linked: (since) => `Has known you by this wallet since ${since}.`,
  notLinked: "Does not know you by this wallet yet.",
  elsewhere: "Whether it knows you by this wallet, its own page tells.",
  filed: (count) => `Records it filed for you: ${count}`,
  mayRead: (count) => `Consents that let it read: ${count}`,
  ownPage: "To its own page (in a new tab)",
  unread: "Which hospitals have filed something is known once your record is open.",
  toOverview: "Open it under Overview",
  desk: "At the desk",
};

const zh: Hospitals = {
  lead: "通过此钱包认识您、为您归档过病历，或可以读取的医院。",
  banner: (member) => `${member} 请您关联钱包。您此刻在其窗口吗？`,
  toDesk: "查看其请求",
  none: "目前没有机构请您关联钱包。",
  noneHow: "在窗口，工作人员会扫描您急救卡上的二维码，或输入您的 DID。之后其请求会自动显示在这里。",
  showCode: "出示我的二维码",
  asks: (member) => `${member} 请您关联钱包`,
  means: "仅当您此刻就在其窗口时才签名。此后该机构可以将为您书写的内容归到此钱包名下。这不会让任何人读取任何内容，也不需要任何费用。",
  text: "钱包中显示的内容",
  sign: "用钱包签名",
  signed: "您的钱包已关联。",
  look: "再次查看",
  yours: "您的医院",
  here: "提供本页",
  linked: (since) => `自 ${since} 起通过此钱包认识您。`,
  notLinked: "尚未通过此钱包认识您。",
  elsewhere: "它是否通过此钱包认识您，请在它自己的页面查看。",
  filed: (count) => `为您归档的病历：${count} 份`,
  mayRead: (count) => `允许其读取的授权：${count} 份`,
  ownPage: "前往它自己的页面（在新标签页）",
  unread: "打开您的病历后，才能知道哪些医院归档过内容。",
  toOverview: "请在“概览”页打开",
  desk: "在窗口",
};

export const hospitals = inBoth(en, zh);
