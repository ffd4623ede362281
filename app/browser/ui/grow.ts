/** What arrives later takes its own place: the parts of a page that are as they were stay, with their place, focus and charts. */

const madeOf = new WeakMap<Element, string>();

/** Names a part among its siblings, and what it was made of: `data` is compared, never shown. */
export function part<Made extends HTMLElement>(shown: Made, name: string, data: unknown): Made {
  shown.dataset.part = name;
  madeOf.set(shown, JSON.stringify(data));
  return shown;
}

/** `old` becomes as `fresh`: a part of the same name stays the element it was; made of the same, nothing in it is touched. */
export function grow(old: HTMLElement, fresh: HTMLElement): void {
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const known = new Map([...old.children].map((one) => [nameOf(one), one]));
  const next = [...fresh.childNodes].map((one) => ({ one, stays: nameOf(one) === null ? undefined : known.get(nameOf(one)) }));
  const staying = new Set<Node | undefined>(next.map(({ stays }) => stays));
  for (const gone of [...old.childNodes]) if (!staying.has(gone)) gone.remove();
  let at = old.firstChild;
  for (const { one, stays } of next) {
    if (stays === at && at !== null) at = at.nextSibling;
    else old.insertBefore(stays ?? one, at); // moved only where the order is another
    if (stays === undefined || madeOf.get(stays) === madeOf.get(one as Element)) continue;
    grow(stays as HTMLElement, one as HTMLElement);
    madeOf.set(stays, madeOf.get(one as Element) as string);
  }
}

const nameOf = (node: Node): string | null => (node instanceof HTMLElement ? (node.dataset.part ?? null) : null);
