/** The waveform file of `calls/{id}/peaks`; its format is stated in appliance/media/peaks.py. Pure. */

export interface Level {
  framesPerPeak: number;
  peaks: number;
  /** One array a channel: minimum, maximum, minimum, maximum …; −128…127. */
  channels: Int8Array[];
}

export interface Peaks {
  sampleRateHz: number;
  frames: number;
  /** Finest first. */
  levels: Level[];
}

const HEADER = 20;
const LEVEL = 8;
const MAGIC = 0x314b5054; // "TPK1", little endian

export class BadPeaks extends Error {}

/** Read a peaks file without copying its data. Throws BadPeaks when it is none or is cut short. */
export function readPeaks(content: ArrayBuffer): Peaks {
  const view = new DataView(content);
  if (content.byteLength < HEADER) throw new BadPeaks("too short");
  if (view.getUint32(0, true) !== MAGIC || view.getUint16(4, true) !== 1) throw new BadPeaks("not a peaks file");
  const channels = view.getUint8(6);
  const count = view.getUint8(7);
  const sampleRateHz = view.getUint32(8, true);
  const frames = Number(view.getBigUint64(12, true));
  if (channels === 0 || count === 0 || sampleRateHz === 0) throw new BadPeaks("nothing in it");
  let at = HEADER + LEVEL * count;
  if (content.byteLength < at) throw new BadPeaks("cut short");
  const levels: Level[] = [];
  for (let index = 0; index < count; index += 1) {
    const framesPerPeak = view.getUint32(HEADER + LEVEL * index, true);
    const peaks = view.getUint32(HEADER + LEVEL * index + 4, true);
    if (content.byteLength < at + peaks * 2 * channels) throw new BadPeaks("cut short");
    const data: Int8Array[] = [];
    for (let channel = 0; channel < channels; channel += 1) {
      data.push(new Int8Array(content, at, peaks * 2));
      at += peaks * 2;
    }
    levels.push({ framesPerPeak, peaks, channels: data });
  }
  return { sampleRateHz, frames, levels };
}

/** A part of a recording as fractions of its length; 0…1 is all of it. */
export interface Part {
  from: number;
  to: number;
}
export const WHOLE: Part = { from: 0, to: 1 };

/** The coarsest level that still has a peak for each column. */
export function levelFor(peaks: Peaks, columns: number, part: Part = WHOLE): Level {
  const fit = peaks.levels.filter((level) => level.peaks * (part.to - part.from) >= columns);
  const chosen = fit.at(-1) ?? peaks.levels[0];
  if (!chosen) throw new BadPeaks("nothing in it");
  return chosen;
}

/** One channel squeezed into columns: [lowest, highest] of each in −1…1, quiet recordings lifted by `gain`. */
export function columnsOf(peaks: Peaks, channel: number, columns: number, gain = 1, part: Part = WHOLE): Float32Array {
  const level = levelFor(peaks, columns, part);
  const data = level.channels[channel] ?? level.channels[0] ?? new Int8Array(0);
  const out = new Float32Array(columns * 2);
  // A level's last peak may reach beyond the recording: columns are of the recording, not of the level.
  const span = peaks.frames / level.framesPerPeak;
  const start = span * part.from;
  const width = span * (part.to - part.from);
  for (let column = 0; column < columns; column += 1) {
    const first = Math.floor(start + (column * width) / columns);
    const last = Math.max(first + 1, Math.floor(start + ((column + 1) * width) / columns));
    let low = 0;
    let high = 0;
    for (let peak = Math.max(0, first); peak < last && peak < level.peaks; peak += 1) {
      low = Math.min(low, data[peak * 2] ?? 0);
      high = Math.max(high, data[peak * 2 + 1] ?? 0);
    }
    out[column * 2] = Math.max(-1, (low / 128) * gain);
    out[column * 2 + 1] = Math.min(1, (high / 128) * gain);
  }
  return out;
}

/** How much both channels may be lifted together so that the loudest fills the height; at most fourfold. */
export function commonGain(peaks: Peaks): number {
  const coarsest = peaks.levels.at(-1);
  let loudest = 0;
  for (const channel of coarsest?.channels ?? []) {
    for (const value of channel) loudest = Math.max(loudest, Math.abs(value));
  }
  return loudest === 0 ? 1 : Math.min(4, 128 / loudest);
}
