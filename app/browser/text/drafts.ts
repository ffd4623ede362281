/** Consents that patients put together themselves: templates, and the form. */

import { inBoth } from "../core/language";

export type Template = "treatment" | "opinion" | "emergency" | "insurance" | "research" | "family" | "again";

interface Drafts {
  readonly title: string;
  readonly lead: string;
  readonly templates: Readonly<Record<Template, { readonly title: string; readonly lead: string }>>;
  readonly start: string;
  readonly back: string;
  readonly who: string;
  readonly whoHint: string;
  readonly choose: string;
  readonly nobodyFits: string;
  readonly roles: string;
  readonly rolesHint: string;
  readonly anyRole: string;
  readonly purposes: string;
  readonly others: string;
  readonly categories: string;
  readonly categoriesHint: string;
  readonly sensitive: string;
  readonly sensitiveHint: string;
  readonly until: string;
  readonly untilHint: string;
  readonly spans: Readonly<Record<"month" | "half" | "year", string>>;
  readonly more: string;
  readonly grade: string;
  readonly grades: Readonly<Record<"N" | "R" | "V" | "any", string>>;
  readonly dataFrom: string;
  readonly dataFromHint: string;
  readonly dataFromExact: (moment: string) => string;
  readonly authors: string;
  readonly anyAuthor: string;
  readonly uses: string;
  readonly usesHint: string;
  readonly make: string;
  readonly made: string;
  readonly missing: Readonly<Record<"recipient" | "roles" | "purposes" | "categories" | "until" | "uses", string>>;
  readonly nobody: string;
  readonly gone: string;
  readonly clock: (now: string) => string;
}

const en: Drafts = {
  title: "Give a consent yourself",
  lead: "You need not wait to be asked. Choose what comes closest, change what you like, and read it before you sign.",
  templates: {
    treatment: { title: "Treatment here", lead: "Doctors and nurses of a hospital read what they need to treat you." },
    opinion: { title: "Second opinion", lead: "Senior doctors of another hospital look at your results, for a month." },
    emergency: { title: "Emergency card", lead: "A hospital near you may read your emergency summary, at any time." },
    insurance: { title: "Insurance", lead: "An insurer sees bills and visits to decide on a payment, nothing else." },
    research: { title: "Research", lead: "Researchers use results and diagnoses that are not marked as confidential." },
    family: { title: "Family representative", lead: "Somebody you trust acts for you. You name them under “People”." },
    again: { title: "Change a consent", lead: "A new consent takes the place of the one that you have: one signature does both." },
  },
  start: "Start",
  back: "Back to my consents",
  who: "Who may read",
  whoHint: "Only institutions that the network has admitted are listed.",
  choose: "Please choose",
  nobodyFits: "The network has admitted nobody yet whom this is meant for. The others are listed.",
  roles: "Which people there",
  rolesHint: "Each of them must be registered there with this role, and each access names the person.",
  anyRole: "everybody who works with records there",
  purposes: "What for",
  others: "Others",
  categories: "What",
  categoriesHint: "Only what you tick can be opened. Everything else stays closed, and nobody is told that it exists.",
  sensitive: "Sensitive",
  sensitiveHint: "These need your own tick. Leave them out if in doubt: you can always allow more later.",
  until: "Until when",
  untilHint: "It ends by itself on this day. You can take it back at any time before.",
  spans: { month: "1 month", half: "6 months", year: "1 year" },
  more: "More choices",
  grade: "How confidential",
  grades: {
    N: "only what is not marked as confidential",
    R: "also what is marked as restricted",
    V: "also what is marked as very restricted",
    any: "however confidential it is",
  },
  dataFrom: "Only records from this day on",
  dataFromHint: "Leave empty for all records, also future ones.",
  dataFromExact: (moment) => `Until now from ${moment} on, and it stays so unless you choose another day. Leave empty for all records.`,
  authors: "Written by",
  anyAuthor: "any institution",
  uses: "How often each document may be opened",
  usesHint: "0 means as often as needed until the consent ends.",
  make: "Show me what I would sign",
  made: "Read it through. Nothing is given until you sign.",
  missing: {
    recipient: "Choose who may read.",
    roles: "Choose at least one kind of people.",
    purposes: "Choose at least one purpose.",
    categories: "Choose at least one kind of record.",
    until: "Choose a day in the future.",
    uses: "Say how often each document may be opened; 0 for as often as needed.",
  },
  nobody: "The list of institutions is not available just now. Try again in a moment.",
  clock: (now) =>
    `This device’s clock is off: for the network it is ${now}. Set the clock right, or compare the days that you chose with that, and go on.`,
  gone: "The institution that this consent names is not active in the network any more, so the consent cannot be changed. You can revoke it, and give another institution a consent of its own.",
};

const zh: Drafts = {
  title: "自己给出授权",
  lead: "您不必等待别人提出请求。选择最接近的一项，按需修改，看清楚以后再签名。",
  templates: {
    treatment: { title: "在此就诊", lead: "某家医院的医生和护士可以查看为您诊治所需的内容。" },
    opinion: { title: "第二诊疗意见", lead: "另一家医院的主治医师在一个月内查看您的检查结果。" },
    emergency: { title: "急救卡", lead: "您附近的医院可以随时查看您的急救摘要。" },
    insurance: { title: "保险", lead: "保险机构为理赔查看账单和就诊记录，其他内容不可见。" },
    research: { title: "研究", lead: "研究人员使用未标记为保密的检验结果和诊断。" },
    family: { title: "家人代表", lead: "由您信任的人代您处理。请在“相关人员”中指定。" },
    again: { title: "修改授权", lead: "新的授权取代现有的授权：一次签名同时完成两件事。" },
  },
  start: "开始",
  back: "返回我的授权",
  who: "谁可以读取",
  whoHint: "这里只列出网络已接纳的机构。",
  choose: "请选择",
  nobodyFits: "网络尚未接纳此类机构。下面列出其他机构。",
  roles: "那里的哪些人员",
  rolesHint: "他们必须在该机构以此角色登记，每次访问都会记录到具体的人。",
  anyRole: "该机构所有处理病历的人员",
  purposes: "用途",
  others: "其他",
  categories: "内容",
  categoriesHint: "只有您勾选的内容可以打开。其余内容保持关闭，也不会有人得知它们存在。",
  sensitive: "敏感内容",
  sensitiveHint: "这些内容需要您单独勾选。如有疑虑请不要勾选，以后随时可以再允许。",
  until: "到什么时候为止",
  untilHint: "到这一天自动终止。在此之前您可以随时撤销。",
  spans: { month: "1 个月", half: "6 个月", year: "1 年" },
  more: "更多选项",
  grade: "保密级别",
  grades: {
    N: "仅限未标记为保密的内容",
    R: "也包括标记为受限的内容",
    V: "也包括标记为严格受限的内容",
    any: "无论保密级别如何",
  },
  dataFrom: "仅限这一天及以后的病历",
  dataFromHint: "留空表示所有病历，包括将来的病历。",
  dataFromExact: (moment) => `目前从 ${moment} 起；除非您选择另一天，否则保持不变。留空表示所有病历。`,
  authors: "由谁书写",
  anyAuthor: "任何机构",
  uses: "每份文件可以打开的次数",
  usesHint: "0 表示在授权结束之前不限次数。",
  make: "显示我将要签署的内容",
  made: "请通读一遍。在您签名之前，不会给出任何权限。",
  missing: {
    recipient: "请选择谁可以读取。",
    roles: "请至少选择一类人员。",
    purposes: "请至少选择一种用途。",
    categories: "请至少选择一类病历。",
    until: "请选择一个将来的日期。",
    uses: "请填写每份文件可以打开的次数；0 表示不限次数。",
  },
  nobody: "暂时无法取得机构列表。请稍后再试。",
  clock: (now) => `此设备的时钟不准：网络的时间是 ${now}。请校正时钟，或对照该时间核对您选择的日期，然后继续。`,
  gone: "此授权所指的机构在网络中已不再有效，因此无法修改此授权。您可以撤销它，并另行授权给其他机构。",
};

export const drafts = inBoth(en, zh);
