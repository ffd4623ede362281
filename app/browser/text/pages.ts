/** The names of the pages, as the navigation and the title say them. */

import { inBoth } from "../core/language";

type Pages = Readonly<
  Record<
    | "overview" | "records" | "consents" | "readers" | "emergency" | "people" | "news" | "settings" | "hospitals" | "desk" | "patient"
    | "record" | "petitions",
    string
  >
>;

const en: Pages = {
  overview: "Overview",
  records: "Records",
  consents: "Consents",
  readers: "Who read",
  emergency: "Emergency",
  people: "People",
  news: "News",
  settings: "Settings",
  hospitals: "Hospitals",
  desk: "My desk",
  patient: "Patient",
  record: "Record",
  petitions: "Requests",
};

const zh: Pages = {
  overview: "概览",
  records: "病历",
  consents: "授权",
  readers: "访问记录",
  emergency: "紧急情况",
  people: "相关人员",
  news: "消息",
  settings: "设置",
  hospitals: "医院",
  desk: "我的工作台",
  patient: "患者",
  record: "病历",
  petitions: "患者申请",
};

export const pages = inBoth(en, zh);
