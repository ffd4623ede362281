/** The patient's own guardians: named as a fingerprint that nobody can read, so that the letter is saved first. */

import { nameGuardians, newGuardianSet, type Identity } from "../../core/identity";
import { letterBytes } from "../../core/letters";
import type { Hex } from "../../layouts/bytes";
import { MOST_GUARDIANS, type GuardianSet } from "../../layouts/guardians";
import { guardians } from "../../text/guardians";
import { people } from "../../text/people";
import { ask } from "../../ui/dialog";
import { button, element } from "../../ui/dom";
import { moment } from "../../ui/formats";
import { attempt, say } from "../../ui/messages";
import { card, foldable, notice, quiet } from "../../ui/parts";
import type { Context } from "../../ui/view";
import { numberField } from "../consents/fields";
import { accountField, readAccount } from "./account";
import { Draft } from "./draft";
import { labelled, Problems } from "./form";
import type { Controls } from "./pending";
import { saveFile } from "./saving";

const FIRST_GUARDIANS = 3;
const ENOUGH = 2;

export function guardiansCard(state: Identity, controls: Controls, context: Context): HTMLElement {
  const words = guardians().guardians;
  const { commitment, nextCommitment, effectiveAt } = state.guardians;
  const named = commitment !== null;
  const delay = people().delay(state.recoveryDelay);
  return card(
    words.title,
    element("p", {}, words.lead),
    element("ul", {}, ...words.means.map((line) => element("li", {}, line))),
    named ? notice("good", element("p", {}, words.some)) : notice("warning", element("p", {}, words.none)),
    ...(named && effectiveAt !== null
      ? [notice("info", element("p", {}, (nextCommitment === null ? words.ending : words.changing)(moment(effectiveAt))))]
      : []),
    ...(controls === "yes"
      ? [
          form(named ? words.change : words.name, named ? [quiet(words.changeHint(delay))] : [], context),
          ...(named ? [element("div", { class: "actions" }, remove(delay, context))] : []),
        ]
      : [quiet(people().representatives.onlyController)]),
  );
}

function remove(delay: string, { session, refresh }: Context): HTMLElement {
  const words = guardians().guardians;
  return button(words.remove, "plain", () =>
    attempt(async () => {
      const body = [element("p", {}, words.removeMeans(delay))];
      if (!(await ask({ title: words.remove, body, yes: words.sign, look: "danger" }))) return;
      await nameGuardians(null, session);
      await refresh();
      say(words.removed);
    }),
  );
}

interface Person {
  readonly account: HTMLInputElement;
  readonly name: HTMLInputElement;
}

interface Chosen {
  /** The same as long as nothing of it changes. */
  readonly key: string;
  readonly threshold: number;
  readonly accounts: readonly Hex[];
  readonly names: Readonly<Record<string, string>>;
}

/** The letter that was saved, and for whom. */
interface Saved {
  readonly key: string;
  readonly set: GuardianSet;
}

/** The letter as well: drawn anew, a page that asked for another would leave one in people's hands that is of no use. */
const begun = new Draft<{
  readonly people: readonly { readonly account: string; readonly name: string }[];
  readonly enough: string;
  readonly saved: Saved | null;
}>();

function form(title: string, hints: readonly HTMLElement[], context: Context): HTMLElement {
  const { session, network, refresh } = context;
  const words = guardians().guardians;
  const rows: Person[] = [];
  const list = element("div", {});
  const enough = numberField(ENOUGH, 1, MOST_GUARDIANS);
  const problems = new Problems();
  const add = (): void => {
    const one = { account: accountField(), name: element("input", { type: "text", maxlength: "80", dir: "auto" }) };
    rows.push(one);
    const legend = element("legend", {}, words.person(rows.length));
    list.append(
      element(
        "fieldset",
        {},
        legend,
        labelled(people().representatives.account, one.account),
        labelled(people().representatives.name, one.name),
      ),
    );
  };
  let saved: Saved | null = null;
  let done = false;
  const before = begun.resume(context, () => {
    const typed = rows.map(({ account, name }) => ({ account: account.value, name: name.value }));
    const empty = typed.every(({ account, name }) => account.trim() === "" && name.trim() === "");
    return done || empty ? null : { people: typed, enough: enough.value, saved };
  });
  for (let made = 0; made < (before?.people.length ?? FIRST_GUARDIANS); made += 1) add();
  if (before !== null) {
    for (const [at, row] of rows.entries()) {
      row.account.value = before.people[at]?.account ?? "";
      row.name.value = before.people[at]?.name ?? "";
    }
    enough.value = before.enough;
    saved = before.saved;
  }
  const chosen = (): Chosen | null => {
    const filled = rows.filter(({ account }) => account.value.trim() !== "");
    const accounts = filled.map(({ account }) => readAccount(account, network));
    const known = accounts.filter((one) => one !== null);
    const threshold = enough.value === "" ? Number.NaN : Number(enough.value);
    const wrong = [
      ...(known.length === 0 || known.length < accounts.length ? [people().missing.account] : []),
      ...(new Set(known).size < known.length ? [people().missing.twice] : []),
      ...(known.includes(session.patient) ? [people().missing.self] : []),
      ...(Number.isInteger(threshold) && threshold >= 1 ? [] : [words.enough]),
      // Fewer would do if the number gave way: the patient has said how many must agree.
      ...(threshold > filled.length && filled.length > 0 ? [words.tooMany(threshold, filled.length)] : []),
    ];
    if (!problems.show(wrong)) return null;
    const names = Object.fromEntries(filled.map(({ name }, at) => [known[at] as Hex, name.value.trim()]));
    return { key: JSON.stringify([known, threshold]), threshold, accounts: known, names };
  };
  const letter = button(words.letter, "plain", () =>
    attempt(async () => {
      const now = chosen();
      if (now === null) return;
      const set = newGuardianSet(now.threshold, now.accounts);
      saveFile(words.file, letterBytes(session.patient, set, now.names, network));
      saved = { key: now.key, set };
    }),
  );
  const sign = button(words.sign, "primary", () =>
    attempt(async () => {
      const now = chosen();
      if (now === null) return;
      // Changed since, the letter that was saved would be of no use.
      if (saved?.key !== now.key) return void problems.show([words.first]);
      await nameGuardians(saved.set, session);
      done = true;
      await refresh();
      say(words.named);
    }),
  );
  const more = button(words.more, "plain", async () => {
    if (rows.length < MOST_GUARDIANS) add();
  });
  const made = foldable(
    title,
    ...hints,
    list,
    element("div", { class: "actions" }, more),
    labelled(words.threshold, enough),
    quiet(words.letterHint),
    problems.element,
    element("div", { class: "actions" }, letter, sign),
  );
  made.open = before !== null;
  return made;
}
