/** What hospitals ask the patient at the desk: to link the wallet with the patient number there. */

import { inBoth } from "../core/language";

interface Hospitals {
  readonly title: string;
  readonly none: string;
  readonly noneHow: string;
  readonly asks: (member: string) => string;
  readonly means: string;
  readonly text: string;
  readonly sign: string;
  readonly signed: string;
  readonly look: string;
}

const en: Hospitals = {
  title: "At the desk",
  none: "Nobody asks you to link your wallet now.",
  noneHow: "When you stand at the desk, staff there scan the code of your emergency card or type your DID. Then look here again.",
  asks: (member) => `${member} asks to link your wallet`,
  means: "Sign only if you stand at its desk now. Then it can file what it writes about you under this wallet. It lets nobody read anything, and costs nothing.",
  text: "What your wallet shows",
  sign: "Sign with your wallet",
  signed: "Your wallet is linked.",
  look: "Look again",
};

const zh: Hospitals = {
  title: "在窗口",
  none: "目前没有机构请您关联钱包。",
  noneHow: "当您在窗口时，工作人员会扫描您急救卡上的二维码，或输入您的 DID。之后请再查看此页。",
  asks: (member) => `${member} 请您关联钱包`,
  means: "仅当您此刻就在其窗口时才签名。此后该机构可以将为您书写的内容归到此钱包名下。这不会让任何人读取任何内容，也不需要任何费用。",
  text: "钱包中显示的内容",
  sign: "用钱包签名",
  signed: "您的钱包已关联。",
  look: "再次查看",
};

export const hospitals = inBoth(en, zh);
