/** Has the browser keep the page's static files, so that it can be installed and opens offline. */

const WORKER = "/service-worker.js";

/** What browsers with Trusted Types ask for in place of an address of a script. */
interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): {
    createScriptURL(address: string): unknown;
  };
}

function address(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  if (policies === undefined) return WORKER;
  // this one script and no other
  return policies.createPolicy("consentry-offline", { createScriptURL: () => WORKER }).createScriptURL(WORKER) as string;
}

/** After everything that the reader waits for. A browser that keeps nothing shows the page all the same. */
export function keepOffline(failed: (error: unknown) => void): void {
  if (!("serviceWorker" in navigator)) return;
  const begin = (): void => {
    navigator.serviceWorker.register(address(), { updateViaCache: "none" }).catch(failed);
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
