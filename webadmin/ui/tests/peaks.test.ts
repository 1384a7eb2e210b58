import { describe, expect, test } from "vitest";

import { BadPeaks, columnsOf, commonGain, levelFor, readPeaks } from "@/pure/peaks";

/** A peaks file as appliance/media/peaks.py states it; `levels` are [frames a peak, channel 0, channel 1]. */
function file(frames: number, levels: [number, number[], number[]][]): ArrayBuffer {
  const size = 20 + 8 * levels.length + levels.reduce((sum, [, left, right]) => sum + left.length + right.length, 0);
  const content = new ArrayBuffer(size);
  const view = new DataView(content);
  [..."TPK1"].forEach((letter, index) => view.setUint8(index, letter.charCodeAt(0)));
  view.setUint16(4, 1, true);
  view.setUint8(6, 2);
  view.setUint8(7, levels.length);
  view.setUint32(8, 8000, true);
  view.setBigUint64(12, BigInt(frames), true);
  let at = 20 + 8 * levels.length;
  levels.forEach(([framesPerPeak, left, right], index) => {
    view.setUint32(20 + 8 * index, framesPerPeak, true);
    view.setUint32(24 + 8 * index, left.length / 2, true);
    for (const value of [...left, ...right]) view.setInt8(at++, value);
  });
  return content;
}

const four = file(640, [
  [160, [-1, 2, -3, 4, -128, 127, -7, 8], [0, 0, -10, 10, 0, 0, 0, 64]],
  [640, [-128, 127], [-10, 64]],
]);

describe("a peaks file", () => {
  test("is read level by level, channel by channel", () => {
    const peaks = readPeaks(four);
    expect(peaks).toMatchObject({ sampleRateHz: 8000, frames: 640 });
    expect(peaks.levels.map((level) => level.peaks)).toEqual([4, 1]);
    expect([...(peaks.levels[0]?.channels[1] ?? [])]).toEqual([0, 0, -10, 10, 0, 0, 0, 64]);
  });

  test.each([0, 3, 19, 27, 36, 45])("cut after %i bytes is refused", (bytes) => {
    expect(() => readPeaks(four.slice(0, bytes))).toThrow(BadPeaks);
  });

  test("of another kind or version is refused", () => {
    const other = four.slice(0);
    new DataView(other).setUint16(4, 2, true);
    expect(() => readPeaks(other)).toThrow(BadPeaks);
    expect(() => readPeaks(new TextEncoder().encode("RIFF................").buffer)).toThrow(BadPeaks);
  });
});

describe("columns", () => {
  const peaks = readPeaks(four);
  test("take the coarsest level that is fine enough", () => {
    expect(levelFor(peaks, 1).peaks).toBe(1);
    expect(levelFor(peaks, 2).peaks).toBe(4);
    expect(levelFor(peaks, 1000).peaks).toBe(4);
  });
  test("keep the lowest and the highest of what they cover", () => {
    expect([...columnsOf(peaks, 0, 2)]).toEqual([-3 / 128, 4 / 128, -1, 127 / 128]);
  });
  test("repeat peaks when there are more columns than peaks", () => {
    expect(columnsOf(peaks, 0, 8).length).toBe(16);
    expect(columnsOf(peaks, 0, 8)[15]).toBeCloseTo(8 / 128);
  });
  test("spread the recording, not the padding of a level's last peak", () => {
    const uneven = readPeaks(file(480, [[320, [-1, 1, -64, 64], [0, 0, 0, 0]]]));
    const columns = columnsOf(uneven, 0, 3);
    expect([columns[1], columns[3], columns[5]]).toEqual([1 / 128, 1 / 128, 0.5]);
  });
  test("never leave −1…1, however much is lifted", () => {
    expect(Math.max(...columnsOf(peaks, 0, 4, 4))).toBe(1);
    expect(Math.min(...columnsOf(peaks, 0, 4, 4))).toBe(-1);
  });
});

test("quiet recordings are lifted at most fourfold, loud ones not, silence not at all", () => {
  expect(commonGain(readPeaks(four))).toBe(1);
  expect(commonGain(readPeaks(file(160, [[160, [-4, 4], [0, 2]]])))).toBe(4);
  expect(commonGain(readPeaks(file(160, [[160, [-64, 32], [0, 2]]])))).toBe(2);
  expect(commonGain(readPeaks(file(160, [[160, [0, 0], [0, 0]]])))).toBe(1);
});
