/** Measured values and their units. A value is converted only where the conversion is exact and the same for everything. */

import { sourceOf } from "../../core/decimals";
import { fields, number, text } from "./json";

export interface Quantity {
  readonly value: number;
  /** The number as its author wrote it, with its closing zeros; null where that is how any program writes it. */
  readonly written: string | null;
  /** `<`, `<=`, `>=`, `>`: the true value lies beyond. */
  readonly comparator: string | null;
  /** As people read it. */
  readonly unit: string;
  /** UCUM, if it was coded so. */
  readonly code: string | null;
}

const UCUM = "http://unitsofmeasure.org";

/** Null without a number. */
export function quantity(value: unknown): Quantity | null {
  const found = fields(value);
  const amount = number(found?.value);
  if (found === null || amount === null) return null;
  const code = found.system === UCUM ? text(found.code) : null;
  const unit = text(found.unit) ?? text(found.code) ?? "";
  return { value: amount, written: sourceOf(found, "value"), comparator: text(found.comparator), unit: unit === "1" ? "" : unit, code };
}

interface Scale {
  readonly kind: string;
  /** value × factor + offset, in the kind's own unit. */
  readonly factor: number;
  readonly offset: number;
}

const scale = (kind: string, factor: number, offset = 0): Scale => ({ kind, factor, offset });

// Exact by definition (UCUM 2.1). Mass and amount of substance are not converted: that takes the substance.
const SCALES: Readonly<Record<string, Scale>> = {
  kg: scale("mass", 1000), g: scale("mass", 1), mg: scale("mass", 0.001), "[lb_av]": scale("mass", 453.59237),
  m: scale("length", 100), cm: scale("length", 1), mm: scale("length", 0.1), "[in_i]": scale("length", 2.54),
  "[ft_i]": scale("length", 30.48),
  Cel: scale("temperature", 1), "[degF]": scale("temperature", 5 / 9, -160 / 9),
  "g/L": scale("mass/volume", 1), "g/dL": scale("mass/volume", 10), "mg/dL": scale("mass/volume", 0.01),
  "mg/L": scale("mass/volume", 0.001), "ug/L": scale("mass/volume", 0.000001), "ng/mL": scale("mass/volume", 0.000001),
  "mol/L": scale("amount/volume", 1), "mmol/L": scale("amount/volume", 0.001), "umol/L": scale("amount/volume", 0.000001),
  "U/L": scale("activity/volume", 1), "[IU]/L": scale("international/volume", 1),
};

/** A unit as people write it, where it was not coded; anything else is not converted. */
const WRITTEN: Readonly<Record<string, string>> = {
  kg: "kg", g: "g", mg: "mg", lb: "[lb_av]", lbs: "[lb_av]", m: "m", cm: "cm", mm: "mm", in: "[in_i]",
  "°c": "Cel", c: "Cel", cel: "Cel", "°f": "[degF]", f: "[degF]",
  "g/l": "g/L", "g/dl": "g/dL", "mg/dl": "mg/dL", "mg/l": "mg/L", "mmol/l": "mmol/L", "µmol/l": "umol/L", "umol/l": "umol/L",
};

/** UCUM's name of the unit, if it is one that can be converted. */
function coded({ code, unit }: Quantity): string | null {
  const found = code ?? WRITTEN[unit.normalize("NFKC").toLowerCase().replace("μ", "µ")] ?? null;
  return found !== null && Object.hasOwn(SCALES, found) ? found : null;
}

/** The same for two quantities only if one line of a chart may show both. */
export function comparable(one: Quantity): string {
  const known = coded(one);
  if (known !== null) return `kind:${SCALES[known]?.kind}`;
  return `unit:${one.code ?? one.unit.toLowerCase()}`;
}

/** The value in the unit of `like`, which must be comparable. */
export function inUnitOf(one: Quantity, like: Quantity): number {
  const [from, to] = [coded(one), coded(like)];
  if (from === to || from === null || to === null) return one.value;
  const [left, right] = [SCALES[from] as Scale, SCALES[to] as Scale];
  const converted = (one.value * left.factor + left.offset - right.offset) / right.factor;
  return Number(converted.toPrecision(6));
}

const SHOWN: Readonly<Record<string, string>> = {
  Cel: "°C", "[degF]": "°F", "[lb_av]": "lb", "[in_i]": "in", "[ft_i]": "ft", "mm[Hg]": "mmHg", "/min": "/min",
  "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "kg/m2": "kg/m²",
  "mL/min/{1.73_m2}": "mL/min/1.73 m²", "umol/L": "µmol/L", "ug/L": "µg/L", "{score}": "",
};

/** The unit as a page shows it. */
export function shownUnit({ unit, code }: Quantity): string {
  return (code === null ? undefined : SHOWN[code]) ?? SHOWN[unit] ?? unit;
}

/** Below and above which a result stands out, as the laboratory gave it. */
export interface Range {
  readonly low: Quantity | null;
  readonly high: Quantity | null;
  readonly text: string | null;
}

export function range(value: unknown): Range | null {
  const found = fields(Array.isArray(value) ? value[0] : value);
  if (found === null) return null;
  const made = { low: quantity(found.low), high: quantity(found.high), text: text(found.text) };
  return made.low === null && made.high === null && made.text === null ? null : made;
}
