/** The patient's directory. */

import { inBoth } from "../core/language";

interface DirectoryWords {
  readonly title: string;
  readonly closed: string;
  readonly open: (version: number) => string;
  readonly action: string;
  readonly making: (done: number, of: number) => string;
  readonly opened: string;
  readonly renewHint: string;
  readonly renew: string;
  readonly renewed: string;
  readonly advised: (since: string) => string;
  readonly withRevocation: string;
  readonly notRenewed: string;
  readonly maybeRenewed: string;
}

const en: DirectoryWords = {
  title: "Your directory",
  closed:
    "Before hospitals can file records for you, your directory has to be opened once. Your browser makes its keys and " +
    "splits them between independent keepers; nobody holds them whole, and there is nothing for you to keep.",
  open: (version) => `Open (version ${version}). Hospitals can file records that only people you permit can find.`,
  action: "Open my directory",
  making: (done, of) => `Making keys: ${done} of ${of} categories`,
  opened: "Your directory is open.",
  renewHint: "With new keys, nobody who could read before can tell that new records exist. Old records stay readable.",
  renew: "Renew the keys",
  renewed: "Your directory has new keys.",
  advised: (since) => `Somebody’s access has ended since its keys were made (${since}): renew them.`,
  withRevocation:
    "Then renew my directory’s keys, so that they cannot tell that new records exist (your wallet asks once more)",
  notRenewed: "Your directory’s keys were not renewed: do so below.",
  maybeRenewed: "Whether your directory’s keys were renewed is not certain: look below whether it asks for that.",
};

const zh: DirectoryWords = {
  title: "您的目录",
  closed:
    "医院为您归档病历之前，需要先打开一次您的目录。密钥由您的浏览器生成，并拆分给多个相互独立的保管方；没有任何一方持有完整密钥，您也无需保管任何东西。",
  open: (version) => `已打开（第 ${version} 版）。医院归档的病历，只有您许可的人才能找到。`,
  action: "打开我的目录",
  making: (done, of) => `正在生成密钥：${done} / ${of} 类`,
  opened: "您的目录已打开。",
  renewHint: "更新密钥后，以前的读取者就无法得知是否有新的病历；原有病历仍可由您许可的人读取。",
  renew: "更新密钥",
  renewed: "您的目录已使用新的密钥。",
  advised: (since) => `自目录密钥生成以来，已有读取者的权限终止（${since}）：请更新密钥。`,
  withRevocation: "随后更新我的目录密钥，使对方无法得知是否有新的病历（钱包会再请您签名一次）",
  notRenewed: "目录密钥尚未更新：请在下方更新。",
  maybeRenewed: "无法确定目录密钥是否已更新：请查看下方是否仍提示更新。",
};

export const directory = inBoth(en, zh);
