import { describe, expect, test } from "vitest";

import { level, split } from "@/live/samples";
import { gains } from "@/live/sides";

describe("a frame of live sound", () => {
  test("is split into caller and callee", () => {
    const [caller, callee] = split(new Int16Array([16384, -32768, 0, 32767]).buffer);
    expect([...caller]).toEqual([0.5, 0]);
    expect(callee[0]).toBe(-1);
    expect(callee[1]).toBeCloseTo(1, 4);
  });
  test("that ends inside a sample loses only that", () => {
    expect(split(new Uint8Array(7).buffer)[0].length).toBe(1);
    expect(split(new ArrayBuffer(0))[0].length).toBe(0);
  });
});

test("levels go from silence to full scale and never beyond", () => {
  expect(level(new Float32Array(0))).toBe(0);
  expect(level(new Float32Array(160))).toBe(0);
  expect(level(new Float32Array(160).fill(1))).toBeCloseTo(1, 6);
  expect(level(new Float32Array(160).fill(0.01))).toBeCloseTo((54 - 40) / 54, 3);
});

test("each side has its own ear, and both when it is alone", () => {
  expect(gains(true, true)).toEqual([1, 0, 0, 1]);
  expect(gains(true, false)).toEqual([1, 1, 0, 0]);
  expect(gains(false, true)).toEqual([0, 0, 1, 1]);
  expect(gains(false, false)).toEqual([0, 0, 0, 0]);
});
