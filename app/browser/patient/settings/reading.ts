/** Until when this page may read, and ending that before its time (W-66). */

import { endReadingSession } from "../../core/session_ends";
import { settings as t } from "../../text/settings";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { card, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { forgetReading, openReading } from "../sitting";

const ID = "reading";

export function readingCard(context: Context): HTMLElement {
  const reading = openReading(context);
  const hint = quiet(t().readingHint);
  if (reading === null) return named(card(t().reading, element("p", {}, t().closed), hint));
  const end = button(t().end, "danger", () =>
    attempt(async () => {
      say(t().ending);
      // whatever the keepers say, nobody can use the key any more
      forgetReading(context);
      const { heard, of } = await endReadingSession(reading, context.network);
      await context.refresh(ID);
      say(heard === of ? t().ended(heard, of) : t().endedSome(heard, of));
    }),
  );
  const open = notice("good", element("p", {}, t().open(moment(reading.expires.toISOString()))));
  return named(card(t().reading, open, hint, element("div", { class: "actions" }, end)));
}

function named(made: HTMLElement): HTMLElement {
  made.id = ID;
  return made;
}
