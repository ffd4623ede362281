/** Language and colours, as the head of the page changes them too. */

import { language, LANGUAGES } from "../../core/language";
import { LANGUAGE_NAMES, settings as t } from "../../text/settings";
import { element } from "../../ui/dom";
import { drawFrame } from "../../ui/frame";
import { card, freshId, quiet } from "../../ui/parts";
import { chooseLanguage, chosenTheme, chooseTheme, type Theme } from "../../ui/preferences";
import type { Context } from "../../ui/view";

const THEMES = ["system", "light", "dark"] as const;

export function looksCard({ network, refresh }: Context): HTMLElement {
  const languages = chooser(
    t().language,
    LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]] as const),
    language(),
    async (to) => {
      chooseLanguage(to);
      await refresh();
    },
  );
  const themes = chooser(
    t().colours,
    THEMES.map((one) => [one, t().themes[one]] as const),
    chosenTheme() ?? "system",
    async (to) => {
      chooseTheme(to === "system" ? null : (to satisfies Theme));
      drawFrame(network);
    },
  );
  return card(t().looks, element("div", { class: "choices" }, languages, themes), quiet(t().kept));
}

function chooser<Value extends string>(
  label: string,
  options: readonly (readonly [Value, string])[],
  now: Value,
  changed: (to: Value) => Promise<void>,
): HTMLElement {
  const id = freshId();
  const made = options.map(([value, words]) => element("option", { value }, words));
  const select = element("select", { id, name: id }, ...made);
  select.value = now;
  select.addEventListener("change", () => {
    const to = options.find(([value]) => value === select.value);
    if (to !== undefined) void changed(to[0]);
  });
  return element("div", { class: "field" }, element("label", { for: id }, label), select);
}
