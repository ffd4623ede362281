/** The overview: a person's health at a glance. */

import { inBoth } from "../core/language";
import { readers } from "./portrait_readers";

interface Words {
  readonly open: { readonly title: string; readonly how: readonly string[]; readonly action: string; readonly working: string };
  readonly opening: (done: string, of: string) => string;
  readonly soFar: string;
  readonly allOpen: (records: string) => string;
  readonly showAll: string;
  readonly again: string;
  readonly counted: (records: string, hospitals: string) => string;
  readonly none: string;
  readonly noneHow: string;
  readonly about: string;
  readonly aboutDiffer: string;
  readonly hospitals: string;
  readonly allergies: string;
  readonly noAllergies: string;
  readonly highRisk: string;
  readonly reaction: string;
  readonly medicines: string;
  readonly noMedicines: string;
  readonly conditions: string;
  readonly noConditions: string;
  readonly former: (count: string) => string;
  readonly ruledOut: (count: string) => string;
  readonly noWordOnState: string;
  readonly saidBy: (hospitals: string, times: string) => string;
  readonly saidOnce: (hospital: string) => string;
  readonly differ: string;
  readonly repeated: string;
  readonly notSaid: string;
  readonly by: (person: string) => string;
  readonly taken: string;
  readonly entries: (count: string) => string;
  readonly columns: Readonly<Record<"when" | "hospital" | "said" | "value" | "meaning" | "usual" | "what" | "newest" | "record", string>>;
  readonly results: string;
  readonly resultsHow: string;
  readonly noResults: string;
  readonly latest: string;
  readonly table: (name: string) => string;
  readonly chart: (name: string, count: string, first: string, last: string) => string;
  readonly behind: string;
  readonly more: (count: string) => string;
  readonly allValues: string;
  readonly wordResults: string;
  readonly converted: string;
  readonly preliminary: string;
  readonly usualRange: (range: string) => string;
  readonly visits: string;
  readonly visitsHow: string;
  readonly noVisits: string;
  readonly allHospitals: string;
  readonly atHospital: string;
  readonly noted: string;
  readonly showMore: (count: string) => string;
  readonly undated: string;
  readonly with: (people: string) => string;
  readonly also: string;
  readonly vaccinations: string;
  readonly procedures: string;
  readonly devices: string;
  readonly contacts: string;
  readonly see: string;
  readonly exportTitle: string;
}

const en: Words = {
  open: {
    title: "Open your record",
    how: [
      "Your browser asks the keepers for the keys to your own records, fetches them encrypted, and opens them here. Nobody else sees what you read.",
      "Your wallet asks you to sign once. It costs nothing and gives nobody any permission.",
    ],
    action: "Open my record",
    working: "Opening your record",
  },
  soFar: "This is not everything yet: your newest records are shown while the others are opened. An allergy or a medicine may still be missing here.",
  allOpen: (records) => `All ${records} records are open now.`,
  showAll: "Show everything",
  opening: (done, of) => `${done} of ${of} records`,
  again: "Look for new records",
  counted: (records, hospitals) => `${records} from ${hospitals}`,
  none: "There are no records yet.",
  noneHow: "When a hospital files something for you, it appears here.",
  about: "About you",
  aboutDiffer: "Hospitals have different entries about you. Look under Records, and ask for a correction.",
  hospitals: "Hospitals",
  allergies: "Allergies",
  noAllergies: "No hospital has noted an allergy. That does not mean that you have none.",
  highRisk: "can be dangerous",
  reaction: "Reaction",
  medicines: "Medicines",
  noMedicines: "No hospital has noted a medicine that you take now.",
  conditions: "Conditions",
  noConditions: "No hospital has noted a condition that you have now.",
  former: (count) => `Earlier (${count})`,
  ruledOut: (count) => `Ruled out (${count})`,
  noWordOnState: "not said whether it still holds",
  saidBy: (hospitals, times) => `${hospitals} · noted ${times === "1" ? "once" : `${times} times`}`,
  saidOnce: (hospital) => hospital,
  differ: "Hospitals disagree",
  repeated: "in the summary for emergencies",
  notSaid: "not said",
  by: (person) => `by ${person}`,
  taken: "as you told the hospital",
  entries: (count) => `All ${count} entries`,
  columns: {
    when: "When", hospital: "Hospital", said: "What it says", value: "Value", meaning: "Meaning", usual: "Usual range",
    what: "What", newest: "Newest value", record: "Record",
  },
  results: "Results over time",
  resultsHow: "From all hospitals together. The same value that came twice is shown once.",
  noResults: "There are no results yet.",
  latest: "Newest of every measurement",
  table: (name) => `${name}: all values`,
  chart: (name, count, first, last) => `${name}: ${count} values from ${first} to ${last}. The table below has them all.`,
  behind: "All values as a table",
  more: (count) => `${count} more charts`,
  allValues: "All measurements",
  wordResults: "Results in words",
  converted: "written as",
  preliminary: "preliminary",
  usualRange: (range) => `Usual range: ${range}`,
  visits: "Visits",
  visitsHow: "Where you were, and what was noted.",
  noVisits: "No visits yet.",
  allHospitals: "All hospitals",
  atHospital: "Hospital",
  noted: "Noted without a visit",
  showMore: (count) => `Show ${count} more`,
  undated: "Without a date",
  with: (people) => `with ${people}`,
  also: "Also in your record",
  vaccinations: "Vaccinations",
  procedures: "Procedures",
  devices: "Devices",
  contacts: "People to contact",
  see: "See the record",
  exportTitle: "Take your record with you",
};

const zh: Words = {
  open: {
    title: "打开您的病历",
    how: [
      "您的浏览器向各保管方索取您本人病历的密钥，取回加密内容，并在本机打开。别人看不到您读了什么。",
      "您的钱包会请您签名一次。不收费用，也不会授予任何人许可。",
    ],
    action: "打开我的病历",
    working: "正在打开您的病历",
  },
  soFar: "以下尚非全部内容：先显示您最近的病历，其余仍在打开。过敏或用药信息可能还未显示在此。",
  allOpen: (records) => `全部 ${records} 份病历现已打开。`,
  showAll: "显示全部",
  opening: (done, of) => `已打开 ${done} / ${of} 份病历`,
  again: "查找新病历",
  counted: (records, hospitals) => `${hospitals}，共 ${records}`,
  none: "目前还没有病历。",
  noneHow: "医院为您归档后，会显示在这里。",
  about: "关于您",
  aboutDiffer: "各医院关于您的登记不一致。请在“病历”页查看并申请更正。",
  hospitals: "医院",
  allergies: "过敏",
  noAllergies: "没有医院记录过您的过敏。这不等于您没有过敏。",
  highRisk: "可能有危险",
  reaction: "反应",
  medicines: "用药",
  noMedicines: "没有医院记录您目前正在使用的药物。",
  conditions: "疾病",
  noConditions: "没有医院记录您目前患有的疾病。",
  former: (count) => `以前的（${count}）`,
  ruledOut: (count) => `已排除（${count}）`,
  noWordOnState: "未说明是否仍存在",
  saidBy: (hospitals, times) => `${hospitals} · 共记录 ${times} 次`,
  saidOnce: (hospital) => hospital,
  differ: "各医院说法不一",
  repeated: "见于急救摘要",
  notSaid: "未说明",
  by: (person) => `开具：${person}`,
  taken: "据您向医院所述",
  entries: (count) => `全部 ${count} 条`,
  columns: {
    when: "时间", hospital: "医院", said: "内容", value: "数值", meaning: "含义", usual: "参考范围", what: "项目",
    newest: "最近数值", record: "病历",
  },
  results: "历次结果",
  resultsHow: "汇总自所有医院。同一结果重复出现时只显示一次。",
  noResults: "目前还没有结果。",
  latest: "每项的最近结果",
  table: (name) => `${name}：全部数值`,
  chart: (name, count, first, last) => `${name}：${first}至${last}共 ${count} 个数值，全部列于下表。`,
  behind: "以表格查看全部数值",
  more: (count) => `另有 ${count} 张图`,
  allValues: "全部项目",
  wordResults: "文字结果",
  converted: "原记为",
  preliminary: "初步结果",
  usualRange: (range) => `参考范围：${range}`,
  visits: "就诊",
  visitsHow: "您在哪里就诊，记录了什么。",
  noVisits: "目前还没有就诊记录。",
  allHospitals: "全部医院",
  atHospital: "医院",
  noted: "非就诊时的记录",
  showMore: (count) => `再显示 ${count} 条`,
  undated: "无日期",
  with: (people) => `接诊：${people}`,
  also: "病历中还有",
  vaccinations: "疫苗接种",
  procedures: "手术及操作",
  devices: "设备",
  contacts: "联系人",
  see: "查看病历",
  exportTitle: "带走您的病历",
};

const patients = inBoth(en, zh);
let spoken = patients;

/** The same portrait to somebody else than its patient: what is said to the patient is said otherwise. */
export function speakToReaders(): void {
  const [inEnglish, inChinese] = [{ ...en, ...readers.en }, { ...zh, ...readers.zh }];
  spoken = inBoth<Words>(inEnglish, inChinese);
}

export const portraitText = (): Words => spoken();
