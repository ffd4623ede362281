/** Elements without HTML strings: the page's policy requires Trusted Types and has no policy that makes any. */

export type Child = Node | string | null;

interface Attributes {
  readonly class?: string;
  readonly id?: string;
  readonly label?: string;
  readonly lang?: string;
  readonly dir?: "ltr" | "rtl" | "auto";
  readonly href?: `#${string}` | `/${string}` | `blob:${string}` | `http${string}`;
  readonly target?: "_blank";
  readonly download?: string;
  readonly for?: string;
  readonly name?: string;
  readonly scope?: "col" | "row";
  readonly open?: "";
  readonly src?: string;
  readonly alt?: string;
  readonly width?: string;
  readonly height?: string;
  readonly min?: string;
  readonly step?: string;
  readonly rows?: string;
  readonly required?: "";
  readonly disabled?: "";
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly inputmode?: "text" | "numeric" | "decimal" | "email";
  readonly accept?: string;
  readonly maxlength?: string;
  readonly spellcheck?: "false";
  readonly colspan?: string;
  readonly role?: string;
  readonly type?: string;
  readonly title?: string;
  readonly datetime?: string;
  readonly checked?: "";
  readonly tabindex?: string;
  readonly max?: string;
  readonly value?: string;
  readonly [aria: `aria-${string}`]: string;
  readonly [data: `data-${string}`]: string;
}

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button that stays disabled, and says so to assistive technology, while its action runs. */
export function button(label: string, look: "primary" | "plain" | "danger", action: () => Promise<void>): HTMLButtonElement {
  const made = element("button", { type: "button", class: look }, label);
  made.addEventListener("click", () => {
    // aria-disabled instead of disabled: the keyboard's focus stays where the patient left it.
    if (made.getAttribute("aria-disabled") === "true") return;
    made.setAttribute("aria-disabled", "true");
    made.setAttribute("aria-busy", "true");
    void action().finally(() => {
      made.removeAttribute("aria-disabled");
      made.removeAttribute("aria-busy");
    });
  });
  return made;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks #${id}`);
  return found;
}
