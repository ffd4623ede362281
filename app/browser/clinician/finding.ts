/** Finding a patient: by a code before the camera or in a picture, by DID, by the number here. */

import { Problem } from "../core/api";
import * as clinic from "../core/clinic";
import { patient as t } from "../text/clinic_patient";
import { button, element } from "../ui/dom";
import { attempt } from "../ui/messages";
import { card, quiet } from "../ui/parts";
import type { Context } from "../ui/view";
import { didIn, isDid } from "./dids";
import { form, textField } from "./forms";
import { codeInPicture, watchCamera } from "./scanning";

export interface Finder {
  /** A linked person. */
  readonly found: (linked: clinic.Linked) => Promise<void>;
  /** Somebody with a DID who is not linked here. */
  readonly unlinked: (did: string) => Promise<void>;
}

export function finder(context: Context, { found, unlinked }: Finder): HTMLElement {
  const number = textField(t().number, t().numberHint);
  const did = textField(t().did, t().didHint);
  const byDid = async (text: string): Promise<void> => {
    const read = didIn(text, context.network.chainId);
    if (!isDid(read)) {
      did.complain(read === "other-chain" ? t().otherChain : t().badDid);
      return;
    }
    const linked = await orNull(clinic.find({ did: read }));
    await (linked === null ? unlinked(read) : found(linked));
  };
  const byNumber = async (): Promise<void> => {
    const mrn = number.control.value.trim();
    const linked = await orNull(clinic.find({ mrn }));
    if (linked === null) number.complain(t().numberUnknown);
    else await found({ ...linked, number: mrn });
  };
  const search = button(t().search, "primary", () =>
    attempt(async () => {
      for (const one of [number, did]) one.complain(null);
      const [here, everywhere] = [number.control.value.trim(), did.control.value.trim()];
      // Which of the two would be meant nobody knows, and it may be two people.
      if (here !== "" && everywhere !== "") number.complain(t().both);
      else if (everywhere !== "") await byDid(everywhere);
      else if (isDid(didIn(here, context.network.chainId))) await byDid(here);
      else if (here !== "") await byNumber();
      else number.complain(t().empty);
    }),
  );
  return card(
    t().find,
    element("p", {}, t().findHow),
    form(search, number.element, did.element),
    scanner(context, async (code) => {
      did.control.value = code;
      await byDid(code);
    }),
  );
}

async function orNull(asked: Promise<clinic.Linked>): Promise<clinic.Linked | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === "patient-not-linked") return null;
    throw error;
  }
}

/** Gives the DID of a code once it sees one; says what is wrong with any other. */
export function scanner(context: Context, seen: (did: string) => Promise<void>): HTMLElement {
  const said = element("p", { role: "status", class: "scan-said" });
  const video = element("video", { "aria-label": t().looking });
  video.muted = true;
  video.playsInline = true;
  video.hidden = true;
  let stopping = new AbortController();
  const stop = button(t().stop, "plain", async () => stopping.abort());
  stop.hidden = true;
  /** The DID, or null with words about what the code holds instead. */
  const take = (code: string): string | null => {
    const did = didIn(code, context.network.chainId);
    said.textContent = isDid(did) ? "" : did === "other-chain" ? t().otherChain : t().otherCode;
    return isDid(did) ? did : null;
  };
  const look = async (): Promise<void> => {
    stopping.abort();
    stopping = new AbortController();
    [video.hidden, stop.hidden, said.textContent] = [false, false, t().looking];
    let did: string | null = null;
    try {
      await watchCamera(video, (code) => (did = take(code)) !== null, AbortSignal.any([stopping.signal, context.left]));
      said.textContent = "";
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      said.textContent = t().noCamera;
    } finally {
      [video.hidden, stop.hidden] = [true, true];
    }
    if (did !== null) await seen(did);
  };
  const file = element("input", { type: "file", accept: "image/*", class: "unseen", "aria-label": t().picture });
  file.addEventListener("change", () => void attempt(() => readPicture(file, said, take, seen)));
  const pick = element("label", { class: "button" }, file, t().picture);
  return element(
    "div",
    { class: "scanner" },
    element("h3", {}, t().scan),
    quiet(t().scanHow),
    element("div", { class: "actions" }, button(t().camera, "plain", () => attempt(look)), pick, stop),
    video,
    said,
  );
}

async function readPicture(
  file: HTMLInputElement,
  said: HTMLElement,
  take: (code: string) => string | null,
  seen: (did: string) => Promise<void>,
): Promise<void> {
  const picture = file.files?.[0];
  if (picture === undefined) return;
  file.value = "";
  let code: string | null;
  try {
    code = await codeInPicture(picture);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    said.textContent = t().noPicture;
    return;
  }
  if (code === null) {
    said.textContent = t().noCode;
    return;
  }
  const did = take(code);
  if (did !== null) await seen(did);
}
