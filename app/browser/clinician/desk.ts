/** Who is signed in at which member. */

import { desk as t } from "../text/desk";
import { element } from "../ui/dom";
import { name } from "../ui/formats";
import { card, facts } from "../ui/parts";
import type { Context } from "../ui/view";

export async function render({ session, network }: Context): Promise<HTMLElement> {
  const account = element("code", { class: "hash" }, session.account);
  return card(t().title, facts([t().member, name(network.member.name)], [t().account, account]));
}
