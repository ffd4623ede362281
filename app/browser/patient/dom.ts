/** Elements without HTML strings: the page's policy requires Trusted Types and has no policy that makes any. */

type Child = Node | string | null;

interface Attributes {
  readonly class?: string;
  readonly id?: string;
  readonly lang?: string;
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
export function button(label: string, look: "primary" | "plain" | "danger", action: () => Promise<void>): HTMLElement {
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
