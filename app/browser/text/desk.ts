/** The first page of the clinician. */

import { inBoth } from "../core/language";

type Desk = Readonly<Record<"title" | "member" | "account", string>>;

const en: Desk = { title: "Who you are here", member: "You work for", account: "Your account" };
const zh: Desk = { title: "您在此处的身份", member: "您所在的机构", account: "您的账户" };

export const desk = inBoth(en, zh);
