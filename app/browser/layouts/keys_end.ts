/** Expanded keys are kept for speed, as long as the sign-in lasts: whoever keeps any says here how they are forgotten. */

const kept = new Set<() => void>();

export const whenKeysEnd = (forget: () => void): void => {
  kept.add(forget);
};

/** The sign-in ends, or goes on for somebody else. */
export function forgetKeys(): void {
  for (const forget of kept) forget();
}
