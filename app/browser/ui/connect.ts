/** The way in: which wallet. */

import type { Wallet } from "../core/wallets";
import { frame as t } from "../text/frame";
import { button, element } from "./dom";
import { name } from "./formats";
import { card } from "./parts";

export function connectCard(wallets: readonly Wallet[], enter: (wallet: Wallet) => Promise<void>): HTMLElement {
  if (wallets.length === 0) {
    return card(
      t().wallet.title,
      element("p", {}, element("strong", {}, t().wallet.none)),
      element("p", {}, t().wallet.noneHow),
    );
  }
  const choices = wallets.map((wallet) => {
    const made = button("", "primary", () => enter(wallet));
    made.append(...around(t().connectWith, wallet.name || t().yourWallet));
    return made;
  });
  return card(
    t().wallet.title,
    element("p", {}, t().wallet.choose),
    element("div", { class: "actions" }, ...choices),
  );
}

/** The wallet's name is its maker's: of any script and direction. */
function around(words: (name: string) => string, inner: string): (Node | string)[] {
  const [before = "", after = ""] = words("\u0000").split("\u0000");
  return [before, name(inner), after];
}
