/** The patient's pages, in the order of the navigation. Each is loaded when it is first shown. */

import { pages } from "../text/pages";
import { view, type View } from "../ui/view";

export const views: readonly [View, ...View[]] = [
  view("overview", () => pages().overview, () => import("./overview/view")),
  view("records", () => pages().records, () => import("./records/view")),
  view("consents", () => pages().consents, () => import("./consents/view")),
  view("readers", () => pages().readers, () => import("./readers/view")),
  view("emergency", () => pages().emergency, () => import("./emergency/view")),
  view("people", () => pages().people, () => import("./people/view")),
  view("hospitals", () => pages().hospitals, () => import("./hospitals/view")),
  view("news", () => pages().news, () => import("./news/view")),
  view("settings", () => pages().settings, () => import("./settings/view")),
];
