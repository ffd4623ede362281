/** The overview as a clinician reads it: of a part of the record, so that what is not here is not said to be nowhere. */

interface ToReaders {
  readonly about: string;
  readonly aboutDiffer: string;
  readonly noAllergies: string;
  readonly noMedicines: string;
  readonly noConditions: string;
  readonly noResults: string;
  readonly taken: string;
  readonly visitsHow: string;
  readonly noVisits: string;
  readonly also: string;
}

const en: ToReaders = {
  about: "The patient",
  aboutDiffer: "Hospitals have different entries about this person.",
  noAllergies: "Nothing is said of allergies in what you may read. That does not mean that there are none.",
  noMedicines: "Nothing is said of medicines in what you may read. That does not mean that none is taken.",
  noConditions: "Nothing is said of diagnoses in what you may read. That does not mean that there are none.",
  noResults: "There are no results in what you may read.",
  taken: "as the patient told the hospital",
  visitsHow: "Where the patient was, and what was noted, as far as you may read it.",
  noVisits: "There are no visits in what you may read.",
  also: "Also in what you may read",
};

const zh: ToReaders = {
  about: "患者",
  aboutDiffer: "各医院关于此人的记录不一致。",
  noAllergies: "在您可读取的内容中没有提及过敏，但这并不表示没有过敏。",
  noMedicines: "在您可读取的内容中没有提及用药，但这并不表示没有用药。",
  noConditions: "在您可读取的内容中没有提及诊断，但这并不表示没有疾病。",
  noResults: "在您可读取的内容中没有检验结果。",
  taken: "患者向医院所述",
  visitsHow: "患者曾在哪里就诊、记录了什么，限于您可读取的内容。",
  noVisits: "在您可读取的内容中没有就诊记录。",
  also: "您可读取的其他内容",
};

export const readers = { en, zh } as const;
