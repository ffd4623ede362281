/** Reading through the own gateway: a session for one purpose, then everything that is permitted, page by page. */

import { call, Problem } from "../core/api";
import * as clinic from "../core/clinic";
import { readingTypedData } from "../core/clinic_checks";
import { signingClock } from "../core/signing_clock";
import { ensureChain, signTyped } from "../core/wallets";
import type { Hex } from "../layouts/bytes";
import { every, fields, text } from "../patient/portrait/json";
import type { Context } from "../ui/view";
import { given, type Given, type Issue } from "./searchset";

/** What Consentry takes into records (a test compares), and the Provenance of each: with it come the keepers' receipts. */
export const RESOURCE_TYPES: readonly string[] = [
  "Account", "AdverseEvent", "AllergyIntolerance", "Appointment", "Basic", "Binary", "BodyStructure", "CarePlan",
  "CareTeam", "ChargeItem", "Claim", "ClaimResponse", "ClinicalImpression", "Communication", "CommunicationRequest",
  "Composition", "Condition", "Consent", "Coverage", "DetectedIssue", "Device", "DeviceRequest", "DeviceUseStatement",
  "DiagnosticReport", "DocumentReference", "Encounter", "Endpoint", "EpisodeOfCare", "ExplanationOfBenefit",
  "FamilyMemberHistory", "Flag", "Goal", "HealthcareService", "ImagingStudy", "Immunization",
  "ImmunizationRecommendation", "List", "Location", "Media", "Medication", "MedicationAdministration",
  "MedicationDispense", "MedicationRequest", "MedicationStatement", "MolecularSequence", "NutritionOrder",
  "Observation", "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance",
  "QuestionnaireResponse", "RelatedPerson", "RiskAssessment", "ServiceRequest", "Specimen", "Substance",
  "SupplyDelivery", "SupplyRequest", "Task", "VisionPrescription",
];

const PAGE_SIZE = 500;
const MOST_PAGES = 200;
/** Said by this page: the gateway had more than it asks for in one reading. */
const CUT_SHORT: Issue = { code: "too-many-pages", words: "" };
const READING = "clinic-reading";

export interface Read extends Given {
  readonly purpose: string;
  /** When, by this device's clock: ISO 8601. */
  readonly at: string;
  /** Nothing is permitted, or nothing is there: which of the two is never told. */
  readonly nothing: boolean;
}

export interface Asked {
  /** The reference, or `emergency` under an opening. */
  readonly patient: string;
  readonly purpose: string;
  readonly opening?: Hex;
}

/** Signs a session for this purpose unless one is open, and reads. Throws the reason of `left` once that is aborted. */
export async function read(asked: Asked, context: Context, left: AbortSignal = context.left): Promise<Read> {
  await context.once(sessionName(asked.purpose), () => openSession(asked.purpose, context));
  try {
    return await everything(asked, left);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "no-ground") return { ...given([]), purpose: asked.purpose, at: new Date().toISOString(), nothing: true };
    // It ended: the next try signs anew.
    if (error.code === "reading-session-missing") context.forget(sessionName(asked.purpose));
    throw error;
  }
}

const sessionName = (purpose: string): string => `clinic-session-${purpose}`;

async function openSession(purpose: string, { session, network }: Context): Promise<true> {
  const { typedData, ref } = await clinic.readingChallenge(purpose);
  const clock = await signingClock(network);
  const own = readingTypedData(typedData, session.account, purpose, network, clock.now());
  await ensureChain(session.wallet, network);
  await clinic.openReading(ref, await signTyped(session.wallet, session.account, own));
  return true;
}

async function everything({ patient, purpose, opening }: Asked, left: AbortSignal): Promise<Read> {
  const headers = { "X-Consentry-Purpose": purpose, ...(opening && { "X-Consentry-Opening": opening }) };
  const types = RESOURCE_TYPES.join(",");
  const bundles: unknown[] = [];
  let next: string | null = `/fhir/Patient/${patient}/$everything?_count=${PAGE_SIZE}&_type=${types}`;
  for (let page = 0; next !== null && page < MOST_PAGES; page += 1) {
    const bundle: unknown = await call("GET", next, undefined, headers, left);
    bundles.push(bundle);
    next = nextOf(bundle);
  }
  const { issues, ...found } = given(bundles);
  return { ...found, issues: next === null ? issues : [...issues, CUT_SHORT], purpose, at: new Date().toISOString(), nothing: false };
}

/** The next page's address at this gateway; never another site's. */
function nextOf(bundle: unknown): string | null {
  const found = every(fields(bundle)?.link).find(({ relation }) => relation === "next");
  const address = text(found?.url);
  if (address === null) return null;
  const { pathname, search } = new URL(address, location.origin);
  return `${pathname}${search}`;
}

interface Kept {
  /** Whose record it is: it is shown under no other patient's name. */
  readonly patientRef: string;
  readonly read: Read;
}

/** What was read last of this patient, if anything. */
export async function lastReading(patientRef: string, context: Context): Promise<Read | null> {
  const kept = await context.once<Kept | null>(READING, async () => null);
  return kept?.patientRef === patientRef ? kept.read : null;
}

export async function keepReading(patientRef: string, read: Read, context: Context): Promise<void> {
  forgetReading(context);
  await context.once<Kept | null>(READING, async () => ({ patientRef, read }));
}

export const forgetReading = (context: Context): void => context.forget(READING);
