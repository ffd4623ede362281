/** The clinician's pages, in the order of the navigation. Each is loaded when it is first shown. */

import { pages } from "../text/pages";
import { view, type View } from "../ui/view";

export const views: readonly [View, ...View[]] = [
  view("desk", () => pages().desk, () => import("./desk")),
  view("patient", () => pages().patient, () => import("./patient")),
  view("record", () => pages().record, () => import("./record")),
  view("petitions", () => pages().petitions, () => import("./petitions")),
  view("emergency", () => pages().emergency, () => import("./emergency")),
];
