/** The card to carry: a QR code with the DID and nothing else, made in this browser (W-61). */

import { encode } from "uqr";

import { CARD, emergency as t } from "../../text/emergency";
import { button, element } from "../../ui/dom";
import { card, quiet } from "../../ui/parts";

const SVG = "http://www.w3.org/2000/svg";
/** Four modules of white around it, as ISO/IEC 18004 asks. */
const QUIET_ZONE = 4;

function drawn<Name extends "svg" | "rect" | "path" | "title">(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Black on white whatever the page's colours are: readers need the contrast. */
export function qrCode(text: string, label: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: "Q", border: QUIET_ZONE });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  const made = drawn("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, class: "qr" });
  made.append(
    drawn("rect", { width: String(size), height: String(size), fill: "#fff" }),
    drawn("path", { d: dark.join(""), fill: "#000", "shape-rendering": "crispEdges" }),
  );
  return made;
}

export function emergencyCard(did: string): HTMLElement {
  const shown = element(
    "div",
    { class: "emergency-card", id: "emergency-card" },
    element("p", { class: "emergency-title" }, CARD.title),
    qrCode(did, t().code),
    element(
      "div",
      {},
      ...CARD.lines.map(([en, zh]) => element("p", { class: "blank" }, `${en} · `, element("span", { lang: "zh" }, zh))),
      element("p", { lang: "en" }, CARD.medics.en),
      element("p", { lang: "zh" }, CARD.medics.zh),
    ),
    element("p", { class: "did" }, element("code", {}, did)),
  );
  const print = button(t().print, "primary", async () => printOnly(shown));
  return card(t().card, quiet(t().cardHint), shown, element("div", { class: "actions" }, print));
}

/** Prints this part of the page and nothing around it. */
function printOnly(part: HTMLElement): void {
  const root = document.documentElement;
  part.classList.add("printed");
  root.dataset.print = "part";
  const after = (): void => {
    part.classList.remove("printed");
    delete root.dataset.print;
  };
  addEventListener("afterprint", after, { once: true });
  print();
}
