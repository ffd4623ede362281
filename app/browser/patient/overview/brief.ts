/** What a summary says, in names alone: what two people see first in an emergency. */

import { emergency as t } from "../../text/emergency";
import { portraitText } from "../../text/portrait";
import { element } from "../../ui/dom";
import { badge } from "../../ui/parts";
import { isDangerous } from "../portrait/conditions";
import type { Held } from "../portrait/held";
import { portrait } from "../portrait/portrait";
import type { Statement } from "../portrait/statements";
import { conceptName, conceptWords } from "./words";

/** A heading and a list for each part that holds anything. */
export function briefly(record: Held): readonly HTMLElement[] {
  const { allergies, medicines, conditions, devices } = portrait([record], Date.now());
  const parts = t().parts;
  return [
    ...part(parts.allergies, allergies, (one) => (isDangerous(one) ? badge(portraitText().highRisk, "danger") : null)),
    ...part(parts.medicines, medicines),
    ...part(parts.problems, conditions),
    ...part(parts.devices, devices),
  ];
}

function part<Detail>(
  title: string,
  all: readonly Statement<Detail>[],
  mark: (one: Statement<Detail>) => HTMLElement | null = () => null,
): readonly HTMLElement[] {
  const told = new Map(all.filter(({ standing }) => standing !== "ruled-out").map((one) => [conceptWords(one.name), one]));
  if (told.size === 0) return [];
  const items = [...told.values()].map((one) => {
    const marked = mark(one);
    return element("li", {}, conceptName(one.name), ...(marked === null ? [] : [" ", marked]));
  });
  return [element("h4", {}, title), element("ul", {}, ...items)];
}
