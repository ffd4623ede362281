/** What a mandate says, line by line, made here from what is signed: every term of its scope among them (W-86). */

import { inBoth } from "../core/language";
import type { Mandate } from "../layouts/mandates";
import { allProvisionLines, shown, wording } from "./consent_words";

interface Wording {
  readonly who: (account: string) => string;
  readonly reads: string;
  readonly grants: string;
}

const en: Wording = {
  who: (account) => `I allow the person with the account ${account} to act for me, within these limits only.`,
  reads: "They may read what is named here, in their own browser.",
  grants: "They may sign permissions in my name that stay within these limits. Such a permission ends with this one.",
};

const zh: Wording = {
  who: (account) => `我允许账户为 ${account} 的人在以下范围内代表我，仅限于此。`,
  reads: "对方可以在自己的浏览器中查看这里列出的内容。",
  grants: "对方可以在此范围内以我的名义签署许可。这样的许可随本委托一同结束。",
};

const say = inBoth(en, zh);

/** `reads`: whether the scope lets the representative read; what was given already waits for no relay. Throws TermsInvalid where a code has no words here. */
export function mandateLines(
  mandate: Mandate,
  reads: "reads" | "grants-only",
  stage: "proposed" | "given" = "given",
): readonly string[] {
  const { scope, validFrom, validUntil, relayBefore } = mandate;
  return [
    say().who(mandate.representative),
    ...(reads === "reads" ? [say().reads] : []),
    say().grants,
    ...allProvisionLines(scope.provisions),
    wording().window(shown(validFrom), shown(validUntil)),
    ...(stage === "proposed" ? [wording().relay(shown(relayBefore))] : []),
    wording().revoke,
  ];
}
