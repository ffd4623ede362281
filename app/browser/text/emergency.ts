/** Emergencies: the card to carry, who opened the summary, what it holds. */

import { inBoth } from "../core/language";

interface Emergency {
  readonly lead: string;
  readonly openings: string;
  readonly openingsHint: string;
  readonly never: string;
  readonly openNow: string;
  readonly unseen: string;
  readonly toOpenings: string;
  readonly status: Readonly<Record<"unknown" | "open" | "ended" | "closed" | "reviewed", string>>;
  readonly openedBy: (member: string) => string;
  readonly people: (names: string, member: string) => string;
  readonly opened: (when: string) => string;
  readonly ends: (when: string) => string;
  readonly ended: (when: string) => string;
  readonly due: (when: string) => string;
  readonly overdue: (when: string) => string;
  readonly finding: Readonly<Record<"justified" | "unjustified", string>>;
  readonly holds: string;
  readonly false: string;
  readonly missing: string;
  readonly elsewhere: string;
  readonly read: string;
  readonly unchecked: string;
  readonly check: string;
  readonly details: string;
  readonly seen: string;
  readonly isNew: string;
  readonly fields: Readonly<Record<"first" | "second" | "id", string>>;
  readonly card: string;
  readonly cardHint: string;
  readonly print: string;
  readonly code: string;
  readonly summary: string;
  readonly summaryHint: string;
  readonly show: string;
  readonly showHint: string;
  readonly asking: (done: number, of: number) => string;
  readonly nothing: string;
  readonly parts: Readonly<Record<"allergies" | "medicines" | "problems" | "devices", string>>;
  readonly writtenBy: (member: string, date: string) => string;
  readonly sensitive: string;
  readonly sensitiveHint: (member: string) => string;
  readonly sensitiveOn: string;
  readonly sensitiveOff: string;
  readonly turnOn: string;
  readonly turnOff: string;
  readonly sure: string;
  readonly sureBody: string;
  readonly nowOn: string;
  readonly nowOff: string;
  readonly notLinked: (member: string) => string;
  readonly incomplete: string;
}

const en: Emergency = {
  lead: "If you can’t answer, two licensed people of one hospital can open your emergency summary together, for some hours. You see it here, for ever.",
  openings: "Who opened it",
  openingsHint: "Each opening is on the shared ledger. Your browser checked here that it is about you, and how it stands.",
  never: "Nobody has opened your emergency summary.",
  openNow: "Your emergency summary is open now: two people of a hospital can read it.",
  unseen: "Your emergency summary was opened, and you have not said yet that you have seen it.",
  toOpenings: "See who opened it",
  status: {
    unknown: "Not on the ledger",
    open: "Open now",
    ended: "Over, not reviewed yet",
    closed: "Closed, not reviewed yet",
    reviewed: "Reviewed",
  },
  openedBy: (member) => `Two people of ${member} opened it`,
  people: (names, member) => `${names}, as ${member} calls them.`,
  opened: (when) => `Opened: ${when}.`,
  ends: (when) => `They can read until ${when}, if they don’t close it before.`,
  ended: (when) => `Ended: ${when}. Since then nobody can read under it.`,
  due: (when) => `Somebody else has to judge it by ${when}.`,
  overdue: (when) => `Somebody else had to judge it by ${when}, and has not. A hospital with too many of these can open nothing more.`,
  finding: {
    justified: "Somebody else judged it: justified.",
    unjustified: "Somebody else judged it: not justified. You can complain to the hospital, the regulator or the patients’ council.",
  },
  holds: "Checked here: it is about you, and the ledger says so.",
  false: "Stopped for your safety: what the gateway says of this opening does not hold. Tell the patients’ council.",
  missing: "The ledger does not know this opening. Nobody could read under it.",
  elsewhere: "Another hospital relayed this one. It shows in your list of who read.",
  read: "See what was read in emergencies",
  unchecked: "Openings that another hospital relayed show here once the keepers were asked.",
  check: "Ask the keepers",
  details: "Details",
  seen: "I have seen it",
  isNew: "New",
  fields: { first: "First account", second: "Second account", id: "Opening" },
  card: "Your emergency card",
  cardHint:
    "Print it and keep it with your papers. The code holds the name of your record and nothing else: who finds it can read " +
    "nothing by it.",
  print: "Print the card",
  code: "Code with the name of your health record",
  summary: "What the summary holds",
  summaryHint: "Allergies, medicines, problems, devices, and your sex and birth date, as each hospital’s records say now.",
  show: "Show what it holds",
  showHint: "Your browser asks the keepers for this part only. It shows in the list of who read as your own reading.",
  asking: (done, of) => `Opening: ${done} of ${of}`,
  nothing: "No hospital has written an emergency summary for you yet.",
  parts: { allergies: "Allergies", medicines: "Medicines", problems: "Problems", devices: "Devices" },
  writtenBy: (member, date) => `By ${member}, ${date}`,
  sensitive: "Sensitive records in the summary",
  sensitiveHint: (member) =>
    `Mental health, substance use, sexual health, HIV, violence, genetics, and what is marked as restricted stay out of the ` +
    `summary, unless you say otherwise. What you say here counts for ${member}; tell each hospital on its own page.`,
  sensitiveOn: "Sensitive records go into the summary.",
  sensitiveOff: "Sensitive records stay out of the summary.",
  turnOn: "Let them in…",
  turnOff: "Leave them out",
  sure: "Let sensitive records into the summary?",
  sureBody:
    "Two people in an emergency would then see, for example, medicines for mental health or HIV. You can take it back; what " +
    "was read before stays read.",
  nowOn: "Sensitive records now go into this hospital’s summary.",
  nowOff: "Sensitive records now stay out of this hospital’s summary.",
  notLinked: (member) => `${member} does not know you as its patient, and writes no summary for you. Go to its desk once to be linked.`,
  incomplete: "Something could not be opened now. Try again later.",
};

const zh: Emergency = {
  lead: "当您无法回答时，同一家医院的两名有执业许可的人员可以共同打开您的急救摘要，时限为数小时。您会在这里一直看到。",
  openings: "谁打开过",
  openingsHint: "每次打开都登记在共享账本上。您的浏览器已在此核验：它确实与您有关，以及它目前的状态。",
  never: "没有人打开过您的急救摘要。",
  openNow: "您的急救摘要目前处于打开状态：某家医院的两名人员可以读取。",
  unseen: "您的急救摘要曾被打开，您尚未表示已看到。",
  toOpenings: "查看谁打开过",
  status: {
    unknown: "账本上没有",
    open: "正在打开",
    ended: "已到时，尚未审查",
    closed: "已关闭，尚未审查",
    reviewed: "已审查",
  },
  openedBy: (member) => `${member} 的两名人员打开了它`,
  people: (names, member) => `${names}（姓名由 ${member} 提供）。`,
  opened: (when) => `打开时间：${when}。`,
  ends: (when) => `在 ${when} 之前他们可以读取，除非提前关闭。`,
  ended: (when) => `结束时间：${when}。此后无人可凭它读取。`,
  due: (when) => `须由另一人在 ${when} 之前审查。`,
  overdue: (when) => `本应由另一人在 ${when} 之前审查，但尚未审查。此类情况过多的医院将不能再打开任何摘要。`,
  finding: {
    justified: "另一人审查的结论：理由正当。",
    unjustified: "另一人审查的结论：理由不当。您可以向医院、监管机构或患者委员会投诉。",
  },
  holds: "已在此核验：它与您有关，账本亦如此记载。",
  false: "为了您的安全已停止：网关关于这次打开的说法不成立。请告知患者委员会。",
  missing: "账本上没有这次打开。没有人能凭它读取。",
  elsewhere: "这次打开由另一家医院转交，出自您的访问记录。",
  read: "查看紧急情况下读取了什么",
  unchecked: "由其他医院转交的打开，需在询问各保管方之后才会显示在这里。",
  check: "询问各保管方",
  details: "详情",
  seen: "我已看到",
  isNew: "新",
  fields: { first: "第一个账户", second: "第二个账户", id: "打开编号" },
  card: "您的急救卡",
  cardHint: "请打印并与证件放在一起。二维码中只有您健康档案的名称，别无其他：拾到的人无法凭它读取任何内容。",
  print: "打印急救卡",
  code: "含有您健康档案名称的二维码",
  summary: "摘要的内容",
  summaryHint: "过敏、用药、疾病、植入器械，以及您的性别和出生日期，依据各医院目前的病历。",
  show: "显示内容",
  showHint: "您的浏览器只向保管方申请这一部分。它会作为您本人的读取出现在访问记录中。",
  asking: (done, of) => `正在打开：${done} / ${of}`,
  nothing: "还没有医院为您书写急救摘要。",
  parts: { allergies: "过敏", medicines: "用药", problems: "疾病", devices: "植入器械" },
  writtenBy: (member, date) => `${member}，${date}`,
  sensitive: "摘要中的敏感病历",
  sensitiveHint: (member) =>
    `除非您另有表示，精神心理健康、物质使用、性健康、艾滋病病毒、暴力、基因，以及标记为受限的内容都不进入摘要。` +
    `您在这里的选择仅对 ${member} 有效；其他医院请在其页面上分别选择。`,
  sensitiveOn: "敏感病历会进入摘要。",
  sensitiveOff: "敏感病历不进入摘要。",
  turnOn: "允许进入……",
  turnOff: "不允许进入",
  sure: "允许敏感病历进入摘要吗？",
  sureBody: "这样，在紧急情况下两名人员就会看到例如精神疾病或艾滋病的用药。您可以随时收回；此前已读取的内容无法收回。",
  nowOn: "敏感病历现在会进入该医院的摘要。",
  nowOff: "敏感病历现在不进入该医院的摘要。",
  notLinked: (member) => `${member} 没有把您登记为患者，因此不为您书写摘要。请到其服务台办理一次关联。`,
  incomplete: "有些内容现在无法打开，请稍后再试。",
};

export const emergency = inBoth(en, zh);

/** The printed card speaks both languages, whoever finds it. */
export const CARD = {
  title: "Emergency health record · 急救健康档案",
  medics: {
    en: "Clinicians: open the clinicians’ page of your hospital, choose “Emergency” and scan this code. Two licensed people sign.",
    zh: "医务人员：请打开本院的临床人员页面，选择“紧急情况”并扫描此码，由两名有执业许可的人员签名。",
  },
  lines: [
    ["Name", "姓名"],
    ["Call in an emergency", "紧急联系人"],
  ],
} as const;
