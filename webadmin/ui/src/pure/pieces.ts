/** A file in pieces that fit into requests. */
export interface Piece {
  start: number;
  stop: number;
}

export const PIECE_BYTES = 3 * 1024 * 1024;

/** The pieces from `begin` on; together they are the rest of the file. */
export function* pieces(total: number, begin = 0, most = PIECE_BYTES): Generator<Piece> {
  for (let start = begin; start < total; start += most) yield { start, stop: Math.min(total, start + most) };
}

export async function base64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
