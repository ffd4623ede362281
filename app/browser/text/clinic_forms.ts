/** What the clinicians' forms say by themselves. */

import { inBoth } from "../core/language";

interface Forms {
  readonly search: string;
  readonly found: (count: number) => string;
}

const en: Forms = {
  search: "Search by name or role",
  found: (count) => (count === 1 ? "One person found" : `${count} people found`),
};

const zh: Forms = {
  search: "按姓名或角色查找",
  found: (count) => `找到 ${count} 人`,
};

export const clinicForms = inBoth(en, zh);
