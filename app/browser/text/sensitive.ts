/** The switch for what is not shown openly. */

import { inBoth } from "../core/language";

interface SensitiveText {
  readonly hidden: string;
  readonly shown: string;
  readonly show: string;
  readonly hide: string;
}

const en: SensitiveText = {
  hidden: "Sensitive records, such as mental health, sexual health or HIV, are not shown here.",
  shown: "Sensitive records are shown as well.",
  show: "Show sensitive",
  hide: "Hide sensitive",
};

const zh: SensitiveText = {
  hidden: "敏感病历（例如精神心理健康、性健康或艾滋病病毒）不在此显示。",
  shown: "敏感病历也已显示。",
  show: "显示敏感内容",
  hide: "隐藏敏感内容",
};

export const sensitiveText = inBoth(en, zh);
