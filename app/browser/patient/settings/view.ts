/** Settings: looks, reading on this page, the directory's keys, the ledger, the record's name (W-65, W-66). */

import { directory } from "../../core/api";
import { directory as directoryWords } from "../../text/directory";
import { mail } from "../../text/mail";
import { settings as t } from "../../text/settings";
import { element } from "../../ui/dom";
import { later } from "../../ui/later";
import { card, facts, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { directoryCard } from "../consents/directory";
import { didOf } from "../did";
import { chainCard } from "./chain";
import { looksCard } from "./looks";
import { mailCard } from "./mail";
import { readingCard } from "./reading";

export async function render(context: Context): Promise<HTMLElement> {
  const { network, session, refresh, left } = context;
  const name = element("code", { class: "did" }, didOf(network.chainId, session.patient));
  return element(
    "div",
    { id: "settings" },
    looksCard(context),
    readingCard(context),
    later("directory", directoryWords().title, async () => directoryCard(await directory(), session, refresh), left),
    later("chain", t().chain, () => chainCard(context), left),
    later("mail", mail().title, () => mailCard(context), left),
    card(t().account, facts([t().did, name]), quiet(t().didHint)),
  );
}
