/** What stands around every page: the way in, the account, navigation. */

import { inBoth } from "../core/language";

interface Frame {
  readonly patientPage: string;
  readonly staffPage: string;
  readonly servedBy: (member: string) => string;
  readonly otherLanguage: string;
  readonly toDark: string;
  readonly toLight: string;
  readonly intro: string;
  readonly staffIntro: string;
  readonly promise: string;
  readonly menu: string;
  readonly pages: string;
  readonly skip: string;
  readonly loading: string;
  readonly wallet: { readonly title: string; readonly choose: string; readonly none: string; readonly noneHow: string };
  readonly connectWith: (name: string) => string;
  readonly yourWallet: string;
  readonly lookAtWallet: string;
  readonly signedIn: string;
  readonly actingFor: string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly accountChanged: string;
  readonly signInEnded: string;
  readonly signInReplaced: string;
  readonly staff: string;
  readonly patient: string;
  readonly goThere: string;
  readonly retry: string;
  readonly reloaded: string;
}

const en: Frame = {
  patientPage: "My health record",
  staffPage: "For clinicians",
  servedBy: (member) => `Served by ${member}`,
  otherLanguage: "中文",
  toDark: "Dark colours",
  toLight: "Light colours",
  intro: "Here you decide who may read which part of your health record, for what, and until when.",
  staffIntro: "Here you read what your patients permit you to read, for the purpose that you state.",
  promise: "You sign with your own wallet. It costs you nothing, and nobody will ever ask for your recovery phrase.",
  menu: "Menu",
  pages: "Pages",
  skip: "Skip to the content",
  loading: "Loading…",
  wallet: {
    title: "Connect your wallet",
    choose: "Your wallet proves that it is you. First it asks you to sign in; that signs no consent yet.",
    none: "No wallet was found in this browser.",
    noneHow: "Install a browser wallet, or open this page in your wallet app’s own browser, then reload the page.",
  },
  connectWith: (name) => `Connect ${name}`,
  yourWallet: "your wallet",
  lookAtWallet: "Please look at your wallet: it is asking you to confirm.",
  signedIn: "Signed in as",
  actingFor: "acting for",
  signOut: "Sign out",
  signedOut: "You are signed out.",
  signInEnded: "Your sign-in has ended. Connect your wallet again to go on; nothing that you signed is lost.",
  signInReplaced: "Somebody else has signed in in another tab of this browser, so you were signed out here. Connect your wallet again to go on; nothing that you signed is lost.",
  accountChanged: "Your wallet switched to another account, so you were signed out here.",
  staff: "This account belongs to a member’s staff. This page is for patients.",
  patient: "This account is not enrolled as this member’s staff, or its licence has ended. This page is for clinicians: if you are one, ask whoever enrols staff at your institution, and in an emergency get a colleague whose licence is in force.",
  goThere: "Open the other page",
  retry: "Try again",
  reloaded: "For your safety a reload signs you out. Connect your wallet again to go on; nothing is lost.",
};

const zh: Frame = {
  patientPage: "我的健康档案",
  staffPage: "医务人员",
  servedBy: (member) => `由 ${member} 提供`,
  otherLanguage: "English",
  toDark: "深色",
  toLight: "浅色",
  intro: "在这里，由您决定谁可以读取您健康档案的哪一部分、用于什么目的、到什么时候为止。",
  staffIntro: "在这里，您可以按照所说明的目的，读取患者许可您读取的内容。",
  promise: "您用自己的钱包签名，不需要付任何费用，也绝不会有人向您索要助记词。",
  menu: "菜单",
  pages: "页面",
  skip: "跳到正文",
  loading: "正在载入……",
  wallet: {
    title: "连接您的钱包",
    choose: "钱包用来证明是您本人。它会先请您登录；登录并不会签署任何授权。",
    none: "在这个浏览器中没有找到钱包。",
    noneHow: "请安装浏览器钱包，或在钱包应用自带的浏览器中打开本页，然后重新载入。",
  },
  connectWith: (name) => `连接 ${name}`,
  yourWallet: "您的钱包",
  lookAtWallet: "请查看您的钱包：它正在请您确认。",
  signedIn: "当前登录账户",
  actingFor: "代表",
  signOut: "退出登录",
  signedOut: "您已退出登录。",
  signInEnded: "您的登录已结束。请重新连接钱包以继续；您签署过的内容不会丢失。",
  signInReplaced: "有人在本浏览器的另一个标签页中登录了，因此已在此处将您退出。请重新连接钱包以继续；您签署过的内容不会丢失。",
  accountChanged: "您的钱包切换到了另一个账户，因此已在此处退出登录。",
  staff: "此账户属于机构工作人员。本页供患者使用。",
  patient: "此账户没有登记为本机构的工作人员，或其执业许可已到期。本页供医务人员使用：如果您是医务人员，请联系本机构负责人员登记的部门；紧急情况下，请找执业许可有效的同事。",
  goThere: "打开另一页",
  retry: "重试",
  reloaded: "为了您的安全，重新载入页面会退出登录。请重新连接钱包以继续；不会丢失任何内容。",
};

export const frame = inBoth(en, zh);
