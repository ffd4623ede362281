/** Every hospital that has to do with the patient, as far as this page knows: by link, by records, by consents (W-94). */

import type { ShownConsent } from "../../core/api";
import type { Member } from "../../core/own_consents";
import type { OpenRecord } from "../../core/reading";
import type { Hex } from "../../layouts/bytes";
import { fields } from "../portrait/json";

export interface Known {
  readonly address: Hex;
  readonly name: string;
  /** Serves this page: of itself alone it says whether it knows the patient. */
  readonly here: boolean;
  readonly records: number;
  /** In force. */
  readonly consents: number;
  /** The address of its own page, if the serving gateway knows it. */
  readonly page: string | null;
}

/** The one that serves the page first, then by how much it filed, then by name. */
export function knownHospitals(
  here: Hex,
  members: readonly Member[],
  records: readonly OpenRecord[],
  consents: readonly ShownConsent[],
): readonly Known[] {
  const filed = count(records.filter(({ replaced }) => !replaced).map(({ author }) => author.address));
  const reading = count(consents.filter(({ status }) => status === "active").map(recipientOf));
  return members
    .map(({ address, name, gateway }) => ({
      address, name, here: address === here, records: filed.get(address) ?? 0, consents: reading.get(address) ?? 0,
      page: gateway ?? null,
    }))
    .filter((one) => one.here || one.records + one.consents > 0)
    .sort((one, other) => Number(other.here) - Number(one.here) || other.records - one.records || one.name.localeCompare(other.name));
}

const recipientOf = ({ consent }: ShownConsent): string => String(fields(fields(consent)?.terms)?.recipient ?? "").toLowerCase();

function count(all: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const one of all) found.set(one, (found.get(one) ?? 0) + 1);
  return found;
}
