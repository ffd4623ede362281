/** The patient's directory: opened once, renewed when access has ended. */

import type * as api from "../../core/api";
import { fileNextDirectory } from "../../core/directory";
import type { Session } from "../../core/session";
import { consents } from "../../text/consents";
import { directory } from "../../text/directory";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";

export function directoryCard(state: api.Directory, session: Session, refresh: () => Promise<void>): HTMLElement {
  const words = directory();
  const closed = state.cid === null;
  const progress = element("progress", { max: "1", value: "0", "aria-label": words.title });
  progress.hidden = true;
  const advised = state.rotation ?? null;
  const action = button(closed ? words.action : words.renew, closed || advised ? "primary" : "plain", async () => {
    await attempt(() => openDirectory(state, session, progress, refresh));
    progress.hidden = true;
  });
  return element(
    "section",
    { id: "directory", class: "card", "aria-labelledby": "directory-title" },
    element("h2", { id: "directory-title" }, words.title),
    ...(closed
      ? [element("p", {}, words.closed)]
      : [
          element("p", {}, words.open(state.version ?? 1)),
          ...(advised === null ? [] : [element("p", { class: "warning" }, words.advised(moment(advised.since)))]),
          element("p", { class: "quiet" }, words.renewHint),
        ]),
    progress,
    element("div", { class: "actions" }, action),
  );
}

async function openDirectory(
  state: api.Directory,
  session: Session,
  progress: HTMLProgressElement,
  refresh: () => Promise<void>,
): Promise<void> {
  progress.hidden = false;
  const done = await fileNextDirectory(state, session, (done, of) => {
    progress.max = of;
    progress.value = done;
    progress.setAttribute("aria-valuetext", directory().making(done, of));
  });
  await refresh();
  if (done === "meanwhile") return say(consents().meanwhile);
  say(state.cid === null ? directory().opened : directory().renewed);
}
