/** Live audio frames: interleaved little-endian int16, channel 0 = caller. Pure. */

/** One frame as two channels of floats in −1…1; an odd byte or half a sample at the end is left out. */
export function split(frame: ArrayBuffer): [Float32Array, Float32Array] {
  const view = new DataView(frame);
  const length = Math.floor(frame.byteLength / 4);
  const caller = new Float32Array(length);
  const callee = new Float32Array(length);
  for (let index = 0; index < length; index += 1) {
    caller[index] = view.getInt16(index * 4, true) / 32768;
    callee[index] = view.getInt16(index * 4 + 2, true) / 32768;
  }
  return [caller, callee];
}

/** How full a level meter is, 0…1, on a scale of −54…0 dB below full scale (RMS). */
export function level(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibel = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (decibel + 54) / 54));
}
