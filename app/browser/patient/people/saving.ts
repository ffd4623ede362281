/** Gives the patient a file, by the browser's own download. */

import type { Bytes } from "../../layouts/bytes";
import { element } from "../../ui/dom";

const KEPT_MILLISECONDS = 60_000;

export function saveFile(name: string, bytes: Bytes): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/json" })) as `blob:${string}`;
  element("a", { href: address, download: name }).click();
  // Some browsers read it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MILLISECONDS);
}
