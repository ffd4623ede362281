/** Tabs of one browser share one sign-in at their gateway: who changes it tells the others that it changed, and nothing of whom. */

const CHANNEL = "consentry-sign-in";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

export const tellTabs = (): void => channel?.postMessage(null);

/** Calls back when another tab has signed somebody in or out. */
export const watchTabs = (changed: () => void): void => channel?.addEventListener("message", changed);
