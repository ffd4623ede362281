/** Entry of the clinician's page. */

import { alerts } from "../text/clinic_alerts";
import { frame } from "../text/frame";
import { whenTelling } from "../ui/messages";
import { run } from "../ui/shell";
import { drawAlerts } from "./alerts";
import { views } from "./views";

whenTelling(() => ({ "role-unfit": alerts().unfit, "actor-unknown": alerts().unknown }));
run({
  audience: "staff",
  views,
  title: () => frame().staffPage,
  intro: () => frame().staffIntro,
  foreign: () => frame().patient,
  other: "/",
  around: drawAlerts,
});
