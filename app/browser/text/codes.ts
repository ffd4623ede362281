/**
 * Categories, purposes and roles in words: those that patients sign (consentry.domain.wording, purposes, roles), which a
 * test compares.
 */

import { inBoth } from "../core/language";

type Words = Readonly<Record<string, string>>;

const categoriesEn: Words = {
  visit: "visits",
  laboratory: "laboratory results",
  vitals: "body measurements such as blood pressure",
  imaging: "X-rays and other images",
  medication: "medicines",
  allergy: "allergies",
  problem: "diagnoses",
  procedure: "operations and other procedures",
  immunization: "vaccinations",
  device: "implants and medical devices",
  document: "letters and reports",
  "care-plan": "care plans",
  billing: "bills and insurance",
  psychiatry: "mental health (sensitive)",
  substance: "alcohol and drug use (sensitive)",
  "sexual-health": "sexual and reproductive health (sensitive)",
  hiv: "HIV (sensitive)",
  violence: "violence and abuse (sensitive)",
  genetics: "genetic tests (sensitive)",
  emergency: "the summary for emergencies",
  consent: "the permissions I gave",
};

const categoriesZh: Words = {
  visit: "就诊记录",
  laboratory: "检验结果",
  vitals: "血压等体征测量",
  imaging: "影像检查",
  medication: "用药记录",
  allergy: "过敏记录",
  problem: "诊断",
  procedure: "手术及其他操作",
  immunization: "疫苗接种",
  device: "植入物和医疗器械",
  document: "病历文书和报告",
  "care-plan": "诊疗计划",
  billing: "账单和保险",
  psychiatry: "精神心理健康（敏感）",
  substance: "饮酒和药物使用（敏感）",
  "sexual-health": "性与生殖健康（敏感）",
  hiv: "艾滋病病毒（敏感）",
  violence: "暴力与虐待（敏感）",
  genetics: "基因检测（敏感）",
  emergency: "急救摘要",
  consent: "我授予的许可",
};

const purposesEn: Words = {
  TREAT: "treating me",
  ETREAT: "treating me in an emergency",
  COC: "coordinating my care between institutions",
  CAREMGT: "managing my care over time",
  HPAYMT: "paying for my care",
  COVAUTH: "deciding whether my insurance pays for a treatment",
  CLMATTCH: "supporting an insurance claim",
  HOPERAT: "running the institution",
  HQUALIMP: "checking and improving the quality of care",
  PATSFTY: "keeping patients safe",
  HLEGAL: "legal proceedings",
  HRESCH: "health research",
  CLINTRCH: "a clinical trial",
  PUBHLTH: "protecting public health",
  PATRQT: "my own request",
  FAMRQT: "a request of my family",
};

const purposesZh: Words = {
  TREAT: "为我诊治",
  ETREAT: "紧急情况下为我救治",
  COC: "在各机构之间协调我的诊疗",
  CAREMGT: "长期管理我的健康",
  HPAYMT: "支付我的医疗费用",
  COVAUTH: "审核保险是否承担某项治疗",
  CLMATTCH: "办理保险理赔",
  HOPERAT: "机构的日常管理",
  HQUALIMP: "检查和改进医疗质量",
  PATSFTY: "保障患者安全",
  HLEGAL: "法律程序",
  HRESCH: "健康研究",
  CLINTRCH: "临床试验",
  PUBHLTH: "维护公共卫生",
  PATRQT: "我本人的请求",
  FAMRQT: "我家人的请求",
};

const rolesEn: Words = {
  attending: "senior doctors",
  resident: "doctors in specialist training",
  intern: "doctors in their first training",
  nurse: "nurses",
  pharmacist: "pharmacists",
  laboratory: "laboratory staff",
  therapist: "therapists",
  psychiatrist: "psychiatrists",
  researcher: "researchers",
  claims: "insurance case workers",
  auditor: "auditors",
  system: "computer systems of the institution",
};

const rolesZh: Words = {
  attending: "主治医师",
  resident: "住院医师",
  intern: "实习医师",
  nurse: "护士",
  pharmacist: "药师",
  laboratory: "检验人员",
  therapist: "治疗师",
  psychiatrist: "精神科医师",
  researcher: "研究人员",
  claims: "保险理赔人员",
  auditor: "审计人员",
  system: "该机构的计算机系统",
};

/** One person of the role, where `roles` speaks of all. Chinese needs no other words. */
const roleEn: Words = {
  attending: "a senior doctor",
  resident: "a doctor in specialist training",
  intern: "a doctor in first training",
  nurse: "a nurse",
  pharmacist: "a pharmacist",
  laboratory: "a member of the laboratory",
  therapist: "a therapist",
  psychiatrist: "a psychiatrist",
  researcher: "a researcher",
  claims: "an insurance case worker",
  auditor: "an auditor",
  system: "a computer system of the institution",
};

export const categories = inBoth(categoriesEn, categoriesZh);
export const purposes = inBoth(purposesEn, purposesZh);
export const roles = inBoth(rolesEn, rolesZh);
const role = inBoth(roleEn, rolesZh);

/** A code that this page does not know yet is shown as it is, never left out. */
export const categoryWords = (code: string): string => categories()[code] ?? code;
export const purposeWords = (code: string): string => purposes()[code] ?? code;
export const rolesWords = (code: string): string => roles()[code] ?? code;
export const roleWords = (code: string): string => role()[code] ?? code;
