/** What FHIR's closed lists and elements are called. A code that stands in no list here is shown as it is. */

import { inBoth } from "../core/language";
import type { FactName } from "../patient/portrait/facts";

interface Words {
  readonly facts: Readonly<Record<FactName, string>>;
  /** By R4's code, over all of R4's lists that a page shows; `fact:code` where lists disagree. */
  readonly codes: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
  readonly dosage: {
    readonly times: (times: number, every: number, unit: string) => string;
    readonly units: Readonly<Record<string, string>>;
    readonly asNeeded: string;
  };
  readonly between: (low: string, high: string) => string;
  readonly atLeast: (low: string) => string;
  readonly atMost: (high: string) => string;
  readonly since: (when: string) => string;
  readonly until: (when: string) => string;
  readonly fromUntil: (from: string, until: string) => string;
  readonly unnamed: string;
}

const en: Words = {
  facts: {
    status: "State", "clinical-status": "Does it hold?", certainty: "How certain", kind: "Kind", service: "Department",
    severity: "Severity", criticality: "Risk", value: "Result", interpretation: "Meaning", "reference-range": "Usual range",
    missing: "Why no result", dosage: "How to take it", began: "Began", ended: "Ended", time: "When", recorded: "Written down",
    reported: "Reported", reason: "Reason", site: "Where on the body", method: "How", device: "Device", people: "People",
    organisation: "Organisation", place: "Place", conclusion: "Conclusion", description: "Description", lot: "Lot number",
    expires: "Expires", modality: "Kind of image", intent: "Intent", priority: "Priority", gender: "Sex", born: "Born",
    died: "Died", relation: "Relation", reach: "Contact", outcome: "Outcome", notes: "Notes",
  },
  codes: {
    active: "active", "clinical-status:active": "active", inactive: "no longer", resolved: "over", remission: "in remission", recurrence: "came back",
    relapse: "came back", confirmed: "confirmed", unconfirmed: "not confirmed", provisional: "suspected",
    differential: "one of several possibilities", refuted: "ruled out", "entered-in-error": "entered by mistake",
    final: "final", preliminary: "preliminary", amended: "amended", corrected: "corrected", registered: "registered",
    cancelled: "cancelled", unknown: "unknown", completed: "completed", finished: "finished", "in-progress": "in progress",
    planned: "planned", arrived: "arrived", triaged: "triaged", onleave: "on leave", "on-hold": "paused", stopped: "stopped",
    draft: "draft", intended: "intended", "not-taken": "not taken", "not-done": "not done", preparation: "being prepared",
    available: "available", current: "current", superseded: "replaced", partial: "partial", order: "prescribed",
    plan: "planned", proposal: "proposed", low: "low", high: "high", "unable-to-assess": "cannot be judged", mild: "mild",
    moderate: "moderate", severe: "severe", food: "food", medication: "medicine", environment: "environment",
    biologic: "biological substance", male: "male", female: "female", other: "other", true: "yes", false: "no",
    routine: "routine", urgent: "urgent", asap: "as soon as possible", stat: "at once",
    N: "normal", L: "low", H: "high", LL: "very low", HH: "very high", A: "unusual", AA: "very unusual", POS: "positive",
    NEG: "negative", AMB: "outpatient visit", EMER: "emergency visit", IMP: "hospital stay", ACUTE: "hospital stay",
    NONAC: "hospital stay", OBSENC: "observation stay", SS: "short stay", "kind:HH": "home visit", VR: "remote visit",
    FLD: "visit on site", PRENC: "before admission", "not-asked": "not asked", "not-performed": "not done", error: "failed",
    "encounter-diagnosis": "diagnosis of this visit", "problem-list-item": "on the problem list",
    "health-concern": "health concern", "vital-signs": "body measurements", laboratory: "laboratory", imaging: "images",
    survey: "questionnaire", exam: "examination", "social-history": "way of life", procedure: "procedure", therapy: "therapy",
    activity: "activity", "asked-unknown": "asked, not known", masked: "withheld", "as-text": "in words", "not-applicable": "does not apply",
  },
  types: {
    AllergyIntolerance: "Allergy", Condition: "Condition", MedicationRequest: "Prescription", MedicationStatement: "Medicine taken",
    MedicationDispense: "Medicine handed out", MedicationAdministration: "Medicine given", Medication: "Medicine",
    Observation: "Result", DiagnosticReport: "Report", Encounter: "Visit", Procedure: "Procedure", Immunization: "Vaccination",
    Device: "Device", DeviceUseStatement: "Device in use", DocumentReference: "Document", Composition: "Document",
    CarePlan: "Care plan", CareTeam: "Care team", Goal: "Goal", ImagingStudy: "Images", Media: "Picture or recording",
    Specimen: "Sample", Practitioner: "Practitioner", PractitionerRole: "Practitioner", Organization: "Organisation",
    Location: "Place", Patient: "About you", RelatedPerson: "Person to contact", Consent: "Consent", Claim: "Bill",
    ExplanationOfBenefit: "Insurance statement", Coverage: "Insurance", FamilyMemberHistory: "Family history",
    ServiceRequest: "Order", Appointment: "Appointment", Binary: "File", QuestionnaireResponse: "Questionnaire",
    RiskAssessment: "Risk assessment", Flag: "Warning", NutritionOrder: "Diet", Provenance: "Origin", Substance: "Substance",
    ClinicalImpression: "Assessment", Communication: "Message", Task: "Task", Invoice: "Bill", Account: "Account",
  },
  dosage: {
    times: (times, every, unit) => `${times} × ${every === 1 ? "a" : `every ${every}`} ${unit}`,
    units: { s: "second", min: "minute", h: "hour", d: "day", wk: "week", mo: "month", a: "year" },
    asNeeded: "when needed",
  },
  between: (low, high) => `${low} to ${high}`,
  atLeast: (low) => `${low} or more`,
  atMost: (high) => `up to ${high}`,
  since: (when) => `since ${when}`,
  until: (when) => `until ${when}`,
  fromUntil: (from, until) => `${from} – ${until}`,
  unnamed: "Not named by the hospital",
};

const zh: Words = {
  facts: {
    status: "状态", "clinical-status": "是否仍存在", certainty: "确定程度", kind: "类别", service: "科室", severity: "严重程度",
    criticality: "风险", value: "结果", interpretation: "含义", "reference-range": "参考范围", missing: "无结果的原因",
    dosage: "用法用量", began: "开始", ended: "结束", time: "时间", recorded: "记录时间", reported: "报告时间", reason: "原因",
    site: "部位", method: "方式", device: "设备", people: "人员", organisation: "机构", place: "地点", conclusion: "结论",
    description: "说明", lot: "批号", expires: "有效期至", modality: "影像类型", intent: "意图", priority: "优先级",
    gender: "性别", born: "出生日期", died: "去世日期", relation: "关系", reach: "联系方式", outcome: "结局", notes: "备注",
  },
  codes: {
    active: "使用中", "clinical-status:active": "目前存在", inactive: "已不存在", resolved: "已痊愈", remission: "缓解期", recurrence: "复发", relapse: "复发",
    confirmed: "已确诊", unconfirmed: "未确诊", provisional: "疑似", differential: "几种可能之一", refuted: "已排除",
    "entered-in-error": "误录", final: "最终结果", preliminary: "初步结果", amended: "已修订", corrected: "已更正",
    registered: "已登记", cancelled: "已取消", unknown: "不详", completed: "已完成", finished: "已结束",
    "in-progress": "进行中", planned: "已计划", arrived: "已到达", triaged: "已分诊", onleave: "请假", "on-hold": "暂停",
    stopped: "已停用", draft: "草稿", intended: "拟用", "not-taken": "未服用", "not-done": "未做", preparation: "准备中",
    available: "可用", current: "现行", superseded: "已被替代", partial: "部分", order: "已开具", plan: "计划",
    proposal: "建议", low: "低", high: "高", "unable-to-assess": "无法判断", mild: "轻度", moderate: "中度", severe: "重度",
    food: "食物", medication: "药物", environment: "环境", biologic: "生物制品", male: "男", female: "女", other: "其他",
    true: "是", false: "否", routine: "常规", urgent: "紧急", asap: "尽快", stat: "立即",
    N: "正常", L: "偏低", H: "偏高", LL: "过低", HH: "过高", A: "异常", AA: "严重异常", POS: "阳性", NEG: "阴性",
    AMB: "门诊", EMER: "急诊", IMP: "住院", ACUTE: "住院", NONAC: "住院", OBSENC: "留观", SS: "短期住院", "kind:HH": "家庭访视",
    VR: "远程就诊", FLD: "现场服务", PRENC: "入院前", "not-asked": "未询问", "not-performed": "未做", error: "失败",
    "encounter-diagnosis": "本次就诊诊断", "problem-list-item": "问题清单条目", "health-concern": "健康关注点",
    "vital-signs": "体征测量", laboratory: "检验", imaging: "影像", survey: "问卷", exam: "体格检查", "social-history": "生活史",
    procedure: "操作", therapy: "治疗", activity: "活动", "asked-unknown": "询问后不详", masked: "未提供", "as-text": "见文字", "not-applicable": "不适用",
  },
  types: {
    AllergyIntolerance: "过敏", Condition: "疾病", MedicationRequest: "处方", MedicationStatement: "正在服用的药物",
    MedicationDispense: "发药", MedicationAdministration: "给药", Medication: "药品", Observation: "检验检查结果",
    DiagnosticReport: "报告", Encounter: "就诊", Procedure: "手术或操作", Immunization: "疫苗接种", Device: "设备",
    DeviceUseStatement: "使用中的设备", DocumentReference: "文书", Composition: "文书", CarePlan: "诊疗计划",
    CareTeam: "诊疗团队", Goal: "目标", ImagingStudy: "影像", Media: "图片或录音", Specimen: "样本", Practitioner: "医务人员",
    PractitionerRole: "医务人员", Organization: "机构", Location: "地点", Patient: "关于您", RelatedPerson: "联系人",
    Consent: "同意书", Claim: "账单", ExplanationOfBenefit: "保险结算单", Coverage: "保险", FamilyMemberHistory: "家族史",
    ServiceRequest: "检查申请", Appointment: "预约", Binary: "文件", QuestionnaireResponse: "问卷", RiskAssessment: "风险评估",
    Flag: "警示", NutritionOrder: "饮食", Provenance: "来源", Substance: "物质", ClinicalImpression: "评估",
    Communication: "消息", Task: "任务", Invoice: "账单", Account: "账户",
  },
  dosage: {
    times: (times, every, unit) => `每${every === 1 ? "" : every}${unit}${times}次`,
    units: { s: "秒", min: "分钟", h: "小时", d: "天", wk: "周", mo: "月", a: "年" },
    asNeeded: "必要时使用",
  },
  between: (low, high) => `${low} 至 ${high}`,
  atLeast: (low) => `不低于 ${low}`,
  atMost: (high) => `不高于 ${high}`,
  since: (when) => `自${when}起`,
  until: (when) => `至${when}`,
  fromUntil: (from, until) => `${from}至${until}`,
  unnamed: "医院未注明名称",
};

export const fhir = inBoth(en, zh);

/** A code of one of R4's lists in words, else as it is. */
export function codeWords(code: string, fact?: FactName): string {
  const { codes } = fhir();
  return (fact === undefined ? undefined : codes[`${fact}:${code}`]) ?? codes[code] ?? code;
}

/** What a resource of this type is called, else FHIR's own name. */
export const typeWords = (type: string): string => fhir().types[type] ?? type;
