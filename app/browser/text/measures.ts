/**
 * Everyday names of what is measured most, by LOINC code: a laboratory's own ("Sodium [Moles/volume] in Serum or Plasma") are for
 * laboratories. What stands in no row here keeps the hospital's words.
 */

import { inBoth, language } from "../core/language";

type Names = readonly (readonly [code: string, en: string, zh: string])[];

const NAMES: Names = [
  ["85354-9", "Blood pressure", "血压"],
  ["55284-4", "Blood pressure", "血压"],
  ["8480-6", "upper (systolic)", "高压（收缩压）"],
  ["8462-4", "lower (diastolic)", "低压（舒张压）"],
  ["8867-4", "Pulse", "心率"],
  ["9279-1", "Breaths per minute", "呼吸频率"],
  ["8310-5", "Body temperature", "体温"],
  ["8302-2", "Height", "身高"],
  ["29463-7", "Weight", "体重"],
  ["39156-5", "Body mass index", "体重指数"],
  ["59408-5", "Oxygen saturation (finger)", "血氧饱和度（指测）"],
  ["2708-6", "Oxygen saturation", "血氧饱和度"],
  ["2951-2", "Sodium", "钠"],
  ["2823-3", "Potassium", "钾"],
  ["2075-0", "Chloride", "氯"],
  ["2028-9", "Carbon dioxide in blood", "二氧化碳总量"],
  ["17861-6", "Calcium", "钙"],
  ["1751-7", "Albumin", "白蛋白"],
  ["2885-2", "Protein", "总蛋白"],
  ["3094-0", "Urea nitrogen", "尿素氮"],
  ["2160-0", "Creatinine", "肌酐"],
  ["98979-8", "Kidney function (eGFR)", "肾小球滤过率（eGFR）"],
  ["33914-3", "Kidney function (eGFR)", "肾小球滤过率（eGFR）"],
  ["2345-7", "Blood sugar", "血糖"],
  ["14749-6", "Blood sugar", "血糖"],
  ["1558-6", "Blood sugar, fasting", "空腹血糖"],
  ["4548-4", "Long-term blood sugar (HbA1c)", "糖化血红蛋白（HbA1c）"],
  ["1742-6", "Liver value ALT", "谷丙转氨酶（ALT）"],
  ["1920-8", "Liver value AST", "谷草转氨酶（AST）"],
  ["6768-6", "Alkaline phosphatase", "碱性磷酸酶"],
  ["1975-2", "Bilirubin", "总胆红素"],
  ["718-7", "Haemoglobin", "血红蛋白"],
  ["4544-3", "Haematocrit", "红细胞压积"],
  ["789-8", "Red blood cells", "红细胞计数"],
  ["6690-2", "White blood cells", "白细胞计数"],
  ["777-3", "Platelets", "血小板计数"],
  ["2093-3", "Cholesterol", "总胆固醇"],
  ["2085-9", "“Good” cholesterol (HDL)", "高密度脂蛋白胆固醇"],
  ["13457-7", "“Bad” cholesterol (LDL)", "低密度脂蛋白胆固醇"],
  ["2089-1", "“Bad” cholesterol (LDL)", "低密度脂蛋白胆固醇"],
  ["2571-8", "Triglycerides", "甘油三酯"],
  ["9318-7", "Albumin to creatinine in urine", "尿白蛋白/肌酐比值"],
  ["14957-5", "Albumin in urine", "尿微量白蛋白"],
  ["3016-3", "Thyroid (TSH)", "促甲状腺激素（TSH）"],
  ["1988-5", "Inflammation (CRP)", "C反应蛋白（CRP）"],
  ["44261-6", "Mood questionnaire (PHQ-9)", "抑郁筛查量表（PHQ-9）"],
];

const byCode = inBoth(
  new Map(NAMES.map(([code, en]) => [code, en])),
  new Map(NAMES.map(([code, , zh]) => [code, zh])),
);
const LOINC = "http://loinc.org";

/** The everyday name, if one of the codes has one. */
export function measureName(codes: readonly { readonly system: string; readonly code: string }[]): string | null {
  for (const { system, code } of codes) {
    const found = system === LOINC ? byCode().get(code) : undefined;
    if (found !== undefined) return found;
  }
  return null;
}

/** A unit that reads as a word, in the page's language. */
const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  "beats/minute": ["per minute", "次/分"],
  "breaths/minute": ["per minute", "次/分"],
  "/min": ["per minute", "次/分"],
};

export const unitWords = (unit: string): string => UNITS[unit]?.[language() === "zh" ? 1 : 0] ?? unit;
