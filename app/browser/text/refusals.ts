/** Why something was refused, and what is wrong with or missing from an account, in the patient's words. */

import { inBoth } from "../core/language";

type Words = Readonly<Record<string, string>>;

const reasonsEn: Words = {
  ConsentUnknown: "no such consent was in force",
  ConsentRevoked: "you had taken the consent back",
  ConsentNotYetValid: "the consent had not begun yet",
  ConsentExpired: "the consent had ended",
  RegistryDistrusted: "the consents of that register no longer count",
  RecipientNameWrong: "the consent names another institution",
  RecipientInactive: "the institution was not active",
  ActorNotEnrolled: "this person was not on the institution’s staff",
  ActorLicenceEnded: "this person’s licence had ended",
  ActorOfAnotherMember: "this person works at another institution",
  SignerNotEnrolled: "the system that asked was not enrolled",
  RoleNotCovered: "the consent does not allow this role",
  CeilingExceeded: "the record is more confidential than this role may see",
  DepartmentNotOwn: "the record belongs to another department",
  LevelNotReleasable: "records of this level do not leave the institution",
  AuthorUnknown: "the consent names an institution that nobody knows",
  ProvisionMissing: "the consent does not cover this",
  EpisodeMissing: "you were not in this department’s care then",
  PatientDeactivated: "the identity was given up",
  MandateUnknown: "no such mandate was in force",
  MandateRevoked: "you had taken the mandate back",
  ScopeExceeded: "the mandate does not cover this",
  OpeningUnknown: "no such emergency had been opened",
  OpeningClosed: "the emergency opening had been closed",
  OpeningEnded: "the emergency opening had ended",
  OpenerOther: "somebody else had opened the emergency",
  CategoryNotEmergency: "an emergency opens the emergency summary only",
  PurposeNotEmergency: "an emergency was not the purpose",
  NotPatientSide: "this account does not act for you",
  MandateNotInForce: "the mandate was not in force",
  RecordNotAnchored: "the record is not on the ledger",
  RecordRetracted: "the record had been withdrawn",
  RecordProofWrong: "the record’s proof does not hold",
  AuthorInactive: "the institution that wrote it was not active",
  DirectoryNotPublished: "that directory is not yours",
  DirectoryMissing: "the directory could not be read",
  SealedForAnother: "the key was sealed to another keeper",
  ShareMissing: "the request lacked a part",
  ShareInvalid: "the part of the key did not fit",
  UsesExhausted: "the consent had been used as often as it allows",
  RevocationSeen: "you had just taken the consent back",
};

const reasonsZh: Words = {
  ConsentUnknown: "没有这样的有效授权",
  ConsentRevoked: "您已撤销该授权",
  ConsentNotYetValid: "该授权尚未开始",
  ConsentExpired: "该授权已到期",
  RegistryDistrusted: "该登记处的授权已不再有效",
  RecipientNameWrong: "授权所指的是另一家机构",
  RecipientInactive: "该机构当时不在有效状态",
  ActorNotEnrolled: "此人不是该机构的在册人员",
  ActorLicenceEnded: "此人的执业许可已到期",
  ActorOfAnotherMember: "此人属于另一家机构",
  SignerNotEnrolled: "提出请求的系统未登记",
  RoleNotCovered: "授权不包括此角色",
  CeilingExceeded: "病历的保密级别高于此角色可见的范围",
  DepartmentNotOwn: "病历属于另一个科室",
  LevelNotReleasable: "此级别的病历不离开所在机构",
  AuthorUnknown: "授权中所写的机构不为人知",
  ProvisionMissing: "授权不包括此内容",
  EpisodeMissing: "您当时不在该科室就诊",
  PatientDeactivated: "该身份已停用",
  MandateUnknown: "没有这样的有效委托",
  MandateRevoked: "您已撤销该委托",
  ScopeExceeded: "委托不包括此内容",
  OpeningUnknown: "没有这样的紧急打开",
  OpeningClosed: "该紧急打开已被关闭",
  OpeningEnded: "该紧急打开已结束",
  OpenerOther: "紧急打开是由其他人进行的",
  CategoryNotEmergency: "紧急情况只能打开急救摘要",
  PurposeNotEmergency: "目的并非紧急救治",
  NotPatientSide: "此账户不代您行事",
  MandateNotInForce: "委托当时不生效",
  RecordNotAnchored: "该病历不在账本上",
  RecordRetracted: "该病历已被撤回",
  RecordProofWrong: "该病历的证明不成立",
  AuthorInactive: "书写该病历的机构当时不在有效状态",
  DirectoryNotPublished: "该目录不是您的",
  DirectoryMissing: "无法读取目录",
  SealedForAnother: "密钥是封给另一个保管方的",
  ShareMissing: "请求缺少一个部分",
  ShareInvalid: "密钥的部分不符",
  UsesExhausted: "授权的使用次数已用完",
  RevocationSeen: "您刚刚撤销了该授权",
};

/** The first link that does not hold, by its name in A-6. */
const linksEn: Words = {
  statement: "its statement is not its own",
  page: "its pages do not join",
  signature: "a note is not signed by it",
  layout: "a note was altered",
  duplicated: "a note stands there twice",
  added: "a note was added that it did not state",
  dropped: "a note that it stated is not there",
  reordered: "its notes stand in another order than it stated",
  altered: "it signed two different notes under one number",
  proof: "a note does not lead to the ledger",
  root: "the ledger holds something else",
  seat: "it had no seat as a keeper",
  patient: "a note is about somebody else",
  contiguity: "its entries in the ledger do not fit together",
  agreement: "it tells the same request differently than another keeper",
};

const linksZh: Words = {
  statement: "其声明并非由它作出",
  page: "其各页不能衔接",
  signature: "有一条记录不是由它签名的",
  layout: "有一条记录被改动",
  duplicated: "有一条记录出现了两次",
  added: "多出一条它未曾声明的记录",
  dropped: "少了一条它声明过的记录",
  reordered: "记录的顺序与其声明不同",
  altered: "它在同一编号下签署了两条不同的记录",
  proof: "有一条记录无法追溯到账本",
  root: "账本上登记的是别的内容",
  seat: "它没有保管方席位",
  patient: "有一条记录与他人有关",
  contiguity: "它在账本上的登记互相矛盾",
  agreement: "它对同一请求的说法与另一个保管方不同",
};

interface Gaps {
  readonly keeper: (seat: string, member: string) => string;
  readonly untold: (keeper: string) => string;
  readonly waiting: (keeper: string, receipts: number) => string;
  readonly silent: (keeper: string, requests: number, others: number, since: string | null) => string;
  readonly wrong: (keeper: string, what: string, seq: number | null) => string;
  readonly contradict: (keeper: string, other: string, seq: number | null) => string;
}

const gapsEn: Gaps = {
  keeper: (seat, member) => `The keeper in seat ${seat} (${member})`,
  untold: (keeper) => `${keeper} told nothing, or not to its end. Check again later: accesses that only it noted are missing.`,
  waiting: (keeper, receipts) =>
    `${keeper}: ${receipts === 1 ? "1 note is" : `${receipts} notes are`} signed and not on the shared ledger yet. That takes a minute or so.`,
  silent: (keeper, requests, others, since) =>
    `${keeper} does not show ${requests === 1 ? "1 request" : `${requests} requests`} on which ${others} others agree` +
    `${since === null ? "" : `, since ${since}`}. Most likely it was not asked: readers ask as few keepers as they need.`,
  wrong: (keeper, what, seq) =>
    `${keeper}: ${what}${seq === null ? "" : ` (number ${seq})`}. Save the file and show it to the patients’ council.`,
  contradict: (keeper, other, seq) =>
    `${keeper} and ${other} contradict each other: they tell the same request differently` +
    `${seq === null ? "" : ` (number ${seq} of the first)`}. One of them is wrong. Save the file and show it to the patients’ council.`,
};

const gapsZh: Gaps = {
  keeper: (seat, member) => `第 ${seat} 席保管方（${member}）`,
  untold: (keeper) => `${keeper}没有提供记录，或没有提供完整。请稍后重新核验：只由它记录的读取不在此列。`,
  waiting: (keeper, receipts) => `${keeper}：有 ${receipts} 条记录已签名，尚未登记到共享账本，通常需要一分钟左右。`,
  silent: (keeper, requests, others, since) =>
    `${keeper}${since === null ? "" : `自${since}以来`}没有显示 ${requests} 个请求，而另有 ${others} 个保管方的记录一致。` +
    "很可能它没有被询问：读取者只询问所需数量的保管方。",
  wrong: (keeper, what, seq) => `${keeper}：${what}${seq === null ? "" : `（编号 ${seq}）`}。请保存文件并交给患者委员会。`,
  contradict: (keeper, other, seq) =>
    `${keeper}与${other}互相矛盾：双方对同一请求的说法不同${seq === null ? "" : `（前者编号 ${seq}）`}，其中一方有误。请保存文件并交给患者委员会。`,
};

const reasons = inBoth(reasonsEn, reasonsZh);
const links = inBoth(linksEn, linksZh);

export const reasonWords = (name: string): string => reasons()[name] ?? name;
export const linkWords = (name: string): string => links()[name] ?? name;
export const gaps = inBoth(gapsEn, gapsZh);
