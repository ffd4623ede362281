/** What a clinician reads for, in the reader's words: consents say the same in the patient's. */

import { inBoth } from "../core/language";

type Words = Readonly<Record<string, string>>;

const en: Words = {
  TREAT: "treatment",
  ETREAT: "emergency treatment",
  COC: "coordination of care between institutions",
  CAREMGT: "care management over time",
  HPAYMT: "payment for care",
  COVAUTH: "authorisation by an insurer",
  CLMATTCH: "support of an insurance claim",
  HOPERAT: "running the institution",
  HQUALIMP: "quality improvement",
  PATSFTY: "patient safety",
  HLEGAL: "legal proceedings",
  HRESCH: "health research",
  CLINTRCH: "a clinical trial",
  PUBHLTH: "public health",
  PATRQT: "the patient’s request",
  FAMRQT: "the family’s request",
};

const zh: Words = {
  TREAT: "诊治",
  ETREAT: "紧急救治",
  COC: "机构之间的诊疗协调",
  CAREMGT: "长期健康管理",
  HPAYMT: "医疗费用支付",
  COVAUTH: "保险审核",
  CLMATTCH: "保险理赔",
  HOPERAT: "机构日常管理",
  HQUALIMP: "医疗质量改进",
  PATSFTY: "患者安全",
  HLEGAL: "法律程序",
  HRESCH: "健康研究",
  CLINTRCH: "临床试验",
  PUBHLTH: "公共卫生",
  PATRQT: "患者本人请求",
  FAMRQT: "患者家人请求",
};

const purposes = inBoth(en, zh);

/** A code that this page does not know yet is shown as it is. */
export const readersPurpose = (code: string): string => purposes()[code] ?? code;
