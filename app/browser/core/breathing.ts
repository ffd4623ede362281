/** Long work in pieces: whoever looks at the page can go on scrolling and pressing meanwhile. */

/** Browsers draw sixty times a second; three of these may pass. */
const MILLISECONDS = 48;

let since = performance.now();

/** Lets the page draw and answer, if it has been kept busy for a while. */
export async function breathe(): Promise<void> {
  if (performance.now() - since < MILLISECONDS) return;
  await new Promise<void>((settle) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      settle();
    };
    port2.postMessage(null);
  });
  since = performance.now();
}
