/** Answers that may be endless, read to a bound. */

import { concat, type Bytes } from "../layouts/bytes";

/** The whole body, or null once it is more than `most` bytes; then nothing of it is kept. */
export async function read(response: Response, most: number): Promise<Bytes | null> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    size += piece.value.length;
    if (size > most) {
      await reader?.cancel();
      return null;
    }
    pieces.push(piece.value);
  }
  return concat(...pieces);
}
