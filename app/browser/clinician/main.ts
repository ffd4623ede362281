/** Entry of the clinician's page. */

import { frame } from "../text/frame";
import { run } from "../ui/shell";
import { drawAlerts } from "./alerts";
import { views } from "./views";

run({
  audience: "staff",
  views,
  title: () => frame().staffPage,
  intro: () => frame().staffIntro,
  foreign: () => frame().patient,
  other: "/",
  around: drawAlerts,
});
