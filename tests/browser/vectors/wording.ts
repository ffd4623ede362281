/** Vectors of consents in words (W-12): what the page makes of checked terms is what Python makes of them. */

import assert from "node:assert/strict";

import { changeLanguage, LANGUAGES } from "../../../app/browser/core/language";
import { consent, type Consent } from "../../../app/browser/layouts/terms";
import { consentLines } from "../../../app/browser/text/consent_words";
import { refuses, type Suite } from "./suite";

const wording: Suite = {
  keys: ["valid", "refused"],
  async run({ valid, refused }) {
    for (const language of LANGUAGES) {
      changeLanguage(language);
      for (const one of valid) assert.deepEqual(consentLines(consent(one.message)), one.words[language]);
      await refuses(refused, "terms-invalid", (one) => consent(one.message));
      // and by itself, whatever was checked before
      await refuses(refused, "terms-invalid", (one) => consentLines(one.message as Consent));
    }
    changeLanguage("en");
  },
};

export const WORDING_SUITES = { wording };
