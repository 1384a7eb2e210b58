import { describe, expect, it } from "vitest";

import { area, line, niceTop, scale, short, steps, timeTicks } from "@/pure/chart";

describe("scale", () => {
  it("maps both ends and what is between", () => {
    const y = scale(0, 10, 100, 0);
    expect([y(0), y(5), y(10)]).toEqual([100, 50, 0]);
  });
  it("puts a range without extent into the middle", () => {
    expect(scale(3, 3, 0, 10)(3)).toBe(5);
  });
});

describe("niceTop", () => {
  it.each([[0, 1], [1, 1], [1.1, 2], [3, 5], [7, 10], [10, 10], [99, 100], [0.04, 1], [123456, 200000]])("%d becomes %d", (largest, top) => {
    expect(niceTop(largest)).toBe(top);
  });
  it("is never below the largest value", () => {
    for (let value = 0.001; value < 1e7; value *= 1.07) expect(niceTop(value, 0.001)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
  });
  it("survives what is no number", () => {
    expect(niceTop(Number.NaN, 5)).toBe(5);
    expect(niceTop(Number.POSITIVE_INFINITY, 5)).toBe(5);
  });
});

describe("paths", () => {
  it("are broken where nothing is known", () => {
    expect(line([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }])).toBe("M0 1L1 2M3 4");
    expect(line([])).toBe("");
  });
  it("close each part of a surface at the floor", () => {
    expect(area([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }], 9)).toBe("M0 1L1 2L1 9L0 9ZM3 4L3 9L3 9Z");
  });
  it("keep a value for its whole step", () => {
    expect(steps([1, null, 2], (index) => index * 10, (value) => value)).toBe("M0 1L10 1M20 2L30 2");
  });
});

describe("timeTicks", () => {
  it("are round, few and within the time", () => {
    expect(timeTicks(60, 6)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    for (const length of [0.4, 3, 59, 200, 3599, 86400, 1e6]) {
      const ticks = timeTicks(length, 8);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.at(-1)).toBeLessThanOrEqual(length);
    }
  });
});

describe("short", () => {
  it.each([[0, "0"], [0.25, "0.25"], [4.26, "4.3"], [12, "12"], [999, "999"], [12345, "12.3k"], [2e6, "2M"]])("%d is %s", (value, text) => {
    expect(short(value)).toBe(text);
  });
});
