/** What a gateway or keeper answers, for those who meet it on a page: the next step of whoever runs it is under Details. */

import { inBoth } from "../core/language";

/** By code (docs/errors.md). A code that is not here is told in the gateway's own words. */
type Problems = Readonly<Record<string, string>>;

const en: Problems = {
  "keepers-insufficient": "Too few of the independent keepers answer just now. Try again in some minutes; nothing is lost.",
  "keeper-unreachable": "One of the independent keepers does not answer just now. Try again in some minutes; nothing is lost.",
  "chain-unreachable": "The shared ledger does not answer just now. Try again in some minutes; nothing is lost.",
  "chain-stale": "What is seen of the shared ledger here is too old to decide on. Try again in some minutes; nothing is lost.",
  "clock-off": "The clock of who was asked differs from the shared ledger’s, so nothing was decided. Try again in some minutes; nothing is lost.",
  "chain-wrong": "The hospital looks at the wrong ledger, so nothing was done. Tell the hospital.",
  "index-behind": "The newest records are not seen here yet. Try again in a minute.",
  "database-unreachable": "This hospital’s database does not answer just now. Try again in some minutes; nothing is lost.",
  "store-unreachable": "The store of the sealed records does not answer just now. Try again in some minutes; nothing is lost.",
  "blob-missing": "The sealed content is not in reach just now. Try again in some minutes.",
  degraded: "Not everything that is needed answers just now. Try again in some minutes; nothing is lost.",
  "rate-limited": "That was a lot at once. Wait a minute, then try again.",
  "not-signed-in": "You are not signed in here any more. Connect your wallet again; nothing that you signed is lost.",
  "sign-in-replaced": "Somebody else has signed in in another tab of this browser. Connect your wallet again; nothing that you signed is lost.",
  "role-unfit":
    "This account may not do this here, or not any more. If your record went to a new wallet, sign in with that one. If you acted for " +
    "somebody, that has ended: sign out, and sign in again for yourself.",
  "challenge-unknown": "The time to answer is over, or the answer was used already. Begin again.",
  "request-stale": "The clocks of this device and of who was asked differ. Check the time of this device, then try again.",
  "reading-session-missing": "Reading needs your signature first. Open the record again; your wallet asks you once.",
  "session-revoked": "This reading was ended. Open the record again; your wallet asks you once.",
  "no-ground": "Nothing that is in force permits this. The patient can permit it by a consent.",
  "directory-not-open":
    "This patient’s directory is not open yet. The patient opens it once, on the own page under Consents; then this works.",
  "recipient-unreachable":
    "The other hospital could not be told just now. Save the consent as a file and take it there, or try again later.",
  "patient-not-linked": "No patient is linked under this number. Link the patient first.",
  "patient-already-linked": "This number is linked to somebody already. Ask the desk whose it is.",
  "opening-in-force":
    "You two have this patient’s emergency summary open already. It stands in the list of openings here: read it there, or close it first.",
  "mail-unsent": "The message could not be sent just now. Check the address, and try again in some minutes.",
  "audit-unwritable":
    "The hospital could not note this in its log, so it gave no answer. It may have been done all the same: look before you " +
    "send it again.",
  internal: "Something failed at the hospital. Try again; if it happens again, tell the hospital the reference below.",
};

const zh: Problems = {
  "keepers-insufficient": "目前应答的独立保管方太少。请几分钟后重试；没有任何内容丢失。",
  "keeper-unreachable": "目前有一个独立保管方没有应答。请几分钟后重试；没有任何内容丢失。",
  "chain-unreachable": "共享账本目前没有应答。请几分钟后重试；没有任何内容丢失。",
  "chain-stale": "此处看到的共享账本已过时，不能据以判断。请几分钟后重试；没有任何内容丢失。",
  "clock-off": "对方的时钟与共享账本不一致，因此没有作出任何判断。请几分钟后重试；没有任何内容丢失。",
  "chain-wrong": "医院查看的账本不对，因此没有做任何事。请告知医院。",
  "index-behind": "此处尚未看到最新的病历。请一分钟后重试。",
  "database-unreachable": "该医院的数据库目前没有应答。请几分钟后重试；没有任何内容丢失。",
  "store-unreachable": "存放加密病历的仓库目前没有应答。请几分钟后重试；没有任何内容丢失。",
  "blob-missing": "目前取不到加密的内容。请几分钟后重试。",
  degraded: "目前并非所有需要的部分都有应答。请几分钟后重试；没有任何内容丢失。",
  "rate-limited": "一次请求太多了。请等一分钟后重试。",
  "not-signed-in": "您在此处已不再处于登录状态。请重新连接钱包；您签署过的内容不会丢失。",
  "sign-in-replaced": "有人在本浏览器的另一个标签页中登录了。请重新连接钱包；您签署过的内容不会丢失。",
  "role-unfit": "此账户在这里不能（或不再能）这样做。如果您的病历已转到新的钱包，请用新钱包登录。如果您曾代表他人，该代表已经终止：请退出，再以您自己的身份登录。",
  "challenge-unknown": "答复的时间已过，或该答复已使用过。请重新开始。",
  "request-stale": "本设备与对方的时钟不一致。请检查本设备的时间，然后重试。",
  "reading-session-missing": "读取前需要您签名。请重新打开病历；钱包只会询问一次。",
  "session-revoked": "这次读取已被结束。请重新打开病历；钱包只会询问一次。",
  "no-ground": "目前没有任何有效的许可允许此事。患者可以通过授权来允许。",
  "directory-not-open": "这位患者的目录尚未开通。患者在自己的页面“授权”一栏中开通一次之后，即可进行。",
  "recipient-unreachable": "目前无法通知另一家医院。请把授权保存为文件带到那里，或稍后重试。",
  "patient-not-linked": "此号码下没有关联的患者。请先关联患者。",
  "patient-already-linked": "此号码已关联到他人。请向服务台询问是谁的号码。",
  "opening-in-force": "您二位已为该患者开启急救摘要。它列在本页的紧急开启中：请在那里读取，或先将其关闭。",
  "mail-unsent": "目前无法发出邮件。请检查地址，几分钟后重试。",
  "audit-unwritable": "医院无法把此事写入日志，因此没有给出回答。事情可能已经完成：请先查看，再决定是否重发。",
  internal: "医院的系统出现故障。请重试；如再次发生，请把下方的参考号告诉医院。",
};

export const problems = inBoth(en, zh);
