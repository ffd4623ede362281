/**
 * Keeps the pages' static files, so that they open on a device that is offline, and say so. It never answers for anything
 * else: what the gateway or a keeper says passes by and is kept nowhere.
 */

declare const FILES: readonly string[];
declare const DIGEST: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const CACHE = `consentry-page-${DIGEST}`;
const KEPT: ReadonlySet<string> = new Set(FILES);
/** Their names change with their content. */
const LASTING = "/static/dist/chunks/";

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "no-cache", credentials: "omit" })));
}

async function forgetFormer(): Promise<void> {
  const names = await caches.keys();
  const former = names.filter((name) => name.startsWith("consentry-page-") && name !== CACHE);
  await Promise.all(former.map((name) => caches.delete(name)));
}

async function answer(request: Request, path: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(path);
  if (kept !== undefined && path.startsWith(LASTING)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept === undefined) throw error;
    return kept;
  }
}

addEventListener("install", (event) => (event as Lasting).waitUntil(install()));
addEventListener("activate", (event) => (event as Lasting).waitUntil(forgetFormer()));
addEventListener("fetch", (event) => {
  const { request, respondWith } = event as Fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || !KEPT.has(pathname)) return;
  respondWith.call(event, answer(request, pathname));
});
