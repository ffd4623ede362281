/** Files inside a record: text and pictures are shown, others are saved. Nothing of them is ever run. */

import { unbase64 } from "../../layouts/bytes";
import { LayoutError } from "../../layouts/errors";
import { records as t } from "../../text/records";
import { element } from "../../ui/dom";
import { bytesInWords } from "../../ui/formats";
import { foldable, quiet } from "../../ui/parts";
import type { Attachment } from "../portrait/facts";
import { saved } from "./saving";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const ENDINGS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt", "application/dicom": "dcm",
  "application/json": "json", "application/xml": "xml", "text/xml": "xml", "text/html": "html",
};

export function attachment({ title, contentType, data }: Attachment): HTMLElement {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";").map((part) => part.trim());
  const name = title ?? t().file(type);
  const content = data === null ? null : contentOf(data);
  if (content === null) return quiet(element("bdi", {}, name), " · ", t().fileNamed);
  if (type === "text/plain") return foldable(name, letter(content, parameters, name));
  if (PICTURES.has(type) && data !== null) {
    return foldable(name, element("img", { src: `data:${type};base64,${data.replace(/\s/g, "")}`, alt: name }));
  }
  return element(
    "p",
    {},
    element("bdi", {}, name),
    ` (${bytesInWords(content.length)}) `,
    saved(t().download, `consentry.${ENDINGS[type] ?? "bin"}`, () => new Blob([content], { type: "application/octet-stream" })),
  );
}

/** R4's base64 may hold white space. Null for what is none. */
function contentOf(data: string): Uint8Array<ArrayBuffer> | null {
  try {
    return unbase64(data.replace(/\s/g, ""));
  } catch (error) {
    if (error instanceof LayoutError) return null;
    throw error;
  }
}

function letter(content: Uint8Array, parameters: readonly string[], name: string): HTMLElement {
  const charset = parameters.find((one) => one.startsWith("charset="))?.slice(8).replace(/"/g, "");
  return element("pre", { class: "letter", dir: "auto", role: "region", "aria-label": name, tabindex: "0" }, decoded(content, charset));
}

function decoded(content: Uint8Array, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? "utf-8").decode(content);
  } catch (error) {
    // A name of a character set that no browser knows: most of the text is readable all the same.
    if (error instanceof RangeError) return new TextDecoder().decode(content);
    throw error;
  }
}
