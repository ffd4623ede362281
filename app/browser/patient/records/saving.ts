/** Files that the patient keeps: made in this browser, from memory, never sent anywhere. */

import { written } from "../../core/decimals";
import { button, element } from "../../ui/dom";
import { attempt } from "../../ui/messages";

export const FHIR_JSON = "application/fhir+json";

export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content) as `blob:${string}`;
  const link = element("a", { href: address, download: name });
  link.click();
  // The browser has taken the content by then; a minute is for slow ones that ask where to put it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A button that saves what `make` gives when it is pressed. */
export function saved(words: string, name: string, make: () => Blob | Promise<Blob>): HTMLButtonElement {
  return button(words, "plain", () => attempt(async () => save(name, await make())));
}

export const asFhir = (value: unknown): Blob => new Blob([written(value)], { type: FHIR_JSON });
