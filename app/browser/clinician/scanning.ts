/** Codes before a camera or in a picture. The reader of codes is loaded when it is first used; no picture leaves the device. */

/** Enough for a code that fills a fifth of a photograph; a phone's whole picture would take seconds. */
const LONGEST_SIDE = 1_600;
const EVERY_MILLISECONDS = 200;

type Looking = (text: string) => boolean;

interface Pixels {
  readonly width: number;
  readonly height: number;
}

function drawn(source: CanvasImageSource, { width, height }: Pixels): ImageData | null {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const surface = canvas.getContext("2d", { willReadFrequently: true });
  if (surface === null) return null;
  surface.drawImage(source, 0, 0, canvas.width, canvas.height);
  return surface.getImageData(0, 0, canvas.width, canvas.height);
}

async function codeIn(pixels: ImageData | null): Promise<string | null> {
  const { default: read } = await import("jsqr");
  return pixels === null ? null : (read(pixels.data, pixels.width, pixels.height)?.data ?? null);
}

/** The text of the code in a picture; null if there is none. Throws DOMException for what is no picture. */
export async function codeInPicture(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file);
  try {
    return await codeIn(drawn(picture, picture));
  } finally {
    picture.close();
  }
}

/** Shows the camera in `video` and looks until `found` takes a code or `stop` is aborted. Throws DOMException without a camera. */
export async function watchCamera(video: HTMLVideoElement, found: Looking, stop: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const end = (): void => stream.getTracks().forEach((track) => track.stop());
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) return end();
  video.srcObject = stream;
  try {
    await video.play();
    while (!stop.aborted) {
      const code = await codeIn(drawn(video, { width: video.videoWidth, height: video.videoHeight }));
      if (code !== null && found(code)) return;
      await pause(EVERY_MILLISECONDS);
    }
  } finally {
    end();
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
