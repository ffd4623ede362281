/** What stands around every page: brand, language, colours, who is signed in, the foot. */

import { language } from "../core/language";
import type { Network } from "../core/api";
import type { Session } from "../core/session";
import { frame as t } from "../text/frame";
import { button, byId, element } from "./dom";
import { name, short } from "./formats";
import { theme } from "./preferences";

/** The words of the frame in the page's language, now. */
export function drawFrame(network: Network | null): void {
  byId("promise").textContent = t().promise;
  // Names are free text: one that is written from right to left must not turn the words around it.
  byId("served-by").replaceChildren(...(network === null ? [] : around(t().servedBy, name(network.member.name))));
  byId("skip").textContent = t().skip;
  const other = byId("language");
  other.textContent = t().otherLanguage;
  other.lang = language() === "en" ? "zh" : "en";
  drawTheme();
}

const GAP = "\u0000";

function around(sentence: (member: string) => string, inside: Node): (Node | string)[] {
  const [before = "", after = ""] = sentence(GAP).split(GAP);
  return [before, inside, after];
}

export function drawTheme(): void {
  const words = theme() === "dark" ? t().toLight : t().toDark;
  byId("theme").setAttribute("aria-label", words);
  byId("theme").title = words;
}

/** The page's own title, in the document and the window. */
export function entitle(title: string, lead: string | null = null): void {
  byId("page-title").textContent = title;
  byId("intro").textContent = lead ?? "";
  byId("intro").hidden = lead === null;
  document.title = `${title} · Consentry`;
}

/** Who is signed in, and the way out; nothing without a session. */
export function drawAccount(session: Session | null, leave: () => Promise<void>): void {
  byId("account").replaceChildren(
    ...(session === null
      ? []
      : [element("span", {}, t().signedIn, " ", short(session.account)),
          ...(session.patient === session.account || session.role !== "patient"
            ? []
            : [element("strong", {}, t().actingFor, " ", short(session.patient))]), button(t().signOut, "plain", leave)]),
  );
}
