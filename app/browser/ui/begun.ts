/** What somebody has begun and not sent outlives a sign-in that ends, in memory: whoever keeps any says here how it is forgotten. */

const kept = new Set<() => void>();

export const whenBegunEnds = (forget: () => void): void => {
  kept.add(forget);
};

/** Its owner has gone: signed out, or gave the device to another account. */
export function forgetBegun(): void {
  for (const forget of kept) forget();
}
