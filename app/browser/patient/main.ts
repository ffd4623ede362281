/** Entry of the patient's page. */

import { frame } from "../text/frame";
import { run } from "../ui/shell";
import { drawUnseen } from "./news/unseen";
import { views } from "./views";

run({
  audience: "patient",
  views,
  title: () => frame().patientPage,
  intro: () => frame().intro,
  foreign: () => frame().staff,
  other: "/clinic",
  around: drawUnseen,
  leaving: async (session, network) => (await import("./sitting")).endSitting(session, network),
});
