/** Failures of the page and of wallets, in words. A gateway's own problems come in words from there. */

import { inBoth } from "../core/language";

export type Failure =
  | "rejected" | "pending" | "wrong-chain" | "no-account" | "failed" | "gateway-unreachable" | "mismatch"
  | "sign-in-mismatch" | "terms-unknown" | "gateway-wrong" | "cannot-seal" | "insecure" | "chain-wrong" | "chain-unreachable"
  | "wrong-clock" | "unreadable" | "unexpected";

type Failures = Readonly<Record<Failure, string>> & { readonly reference: (id: string) => string };

const en: Failures = {
  rejected: "You declined in your wallet. Nothing was signed and nothing changed.",
  pending: "Your wallet already has a request open. Finish it there, then try again.",
  "wrong-chain":
    "Your wallet is on another network, so nothing was signed. Try again and let it switch; that costs nothing. If it does not know " +
    "the network, ask the hospital how to add it.",
  "no-account": "Your wallet shared no account. Unlock it, choose an account and try again.",
  failed: "Your wallet could not do this. Unlock or restart it and try again.",
  "gateway-unreachable": "The hospital’s gateway does not answer. Check your connection and try again; nothing is lost.",
  mismatch:
    "Stopped for your safety: what you would sign is not what is shown here. Nothing was signed. Tell the hospital.",
  "sign-in-mismatch":
    "Stopped for your safety: the sign-in text names another site, account or network. Nothing was signed. Tell the " +
    "hospital.",
  "terms-unknown":
    "Stopped for your safety: this consent holds something that this page has no words for, so it cannot be shown and not " +
    "be signed here. Nothing was signed. Reload the page; if this stays, tell the hospital.",
  "gateway-wrong":
    "Stopped for your safety: what the hospital’s gateway answers does not fit together. Nothing of it is shown. Open this " +
    "page at another hospital, and tell this one.",
  "cannot-seal": "The keepers’ keys could not be used. Nothing was changed. Tell the hospital.",
  insecure: "This page needs a secure connection (https). Open it by its https address.",
  "chain-wrong":
    "What the chain’s relay says cannot be right, so nothing it said was used. Choose another member’s relay in the " +
    "settings, or tell the hospital.",
  "chain-unreachable":
    "The relay of the chain does not answer, so nothing could be checked. Try again, or choose another member’s relay " +
    "in the settings.",
  "wrong-clock":
    "What you would sign ends at a time that does not fit the clock, so nothing was signed. Have this device set its date " +
    "and time by itself and try again. If that does not help, tell the hospital that its gateway’s clock may be wrong.",
  unreadable:
    "This entry cannot be shown here: something in it is not as it should be. The rest of the page is not touched by it. What " +
    "you allowed by it holds until you take it back.",
  unexpected: "Something failed in this page. Reload it and try again; nothing was signed by this.",
  reference: (id) => `Reference for support: ${id}`,
};

const zh: Failures = {
  rejected: "您在钱包中拒绝了请求。没有签署任何内容，一切保持不变。",
  pending: "您的钱包中还有一个未处理的请求。请先完成它，再重试。",
  "wrong-chain": "您的钱包处于另一个网络，因此没有签署任何内容。请重试，并允许钱包切换网络，这不收费；若钱包不认识该网络，请向医院询问如何添加。",
  "no-account": "您的钱包没有提供账户。请解锁钱包、选择账户后重试。",
  failed: "您的钱包未能完成此操作。请解锁或重启钱包后重试。",
  "gateway-unreachable": "医院的网关没有响应。请检查网络连接后重试；不会丢失任何内容。",
  mismatch: "为了您的安全已停止：将要签署的内容与此处显示的不一致。没有签署任何内容。请告知医院。",
  "sign-in-mismatch": "为了您的安全已停止：登录文本中的网站、账户或网络不符。没有签署任何内容。请告知医院。",
  "terms-unknown": "为了您的安全已停止：此授权中有本页无法用文字说明的内容，因此无法在此显示，也无法在此签署。没有签署任何内容。请重新载入页面；如仍如此，请告知医院。",
  "gateway-wrong": "为了您的安全已停止：医院网关的回答自相矛盾，未显示其中任何内容。请在另一家医院打开本页，并告知该医院。",
  "cannot-seal": "无法使用保管方的密钥。没有任何改变。请告知医院。",
  insecure: "本页需要安全连接（https）。请使用 https 地址打开。",
  "chain-wrong": "共享账本的中继的回答不可能正确，因此没有采用。请在设置中选择其他机构的中继，或告知医院。",
  "chain-unreachable": "共享账本的中继没有响应，因此无法核对。请重试，或在设置中选择其他机构的中继。",
  "wrong-clock": "将要签署的内容的结束时间与时钟不符，因此没有签署任何内容。请让此设备自动设置日期和时间后重试；若仍无效，请告知医院其网关的时钟可能有误。",
  unreadable: "此条目无法在此显示：其中有内容不正常。本页其余部分不受影响。您由此给出的许可在收回之前一直有效。",
  unexpected: "页面出现故障。请重新载入后重试；没有因此签署任何内容。",
  reference: (id) => `供技术支持参考：${id}`,
};

export const failures = inBoth(en, zh);
