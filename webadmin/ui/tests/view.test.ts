import { describe, expect, it } from "vitest";

import { following, isWhole, LEAST_S, moved, placeOf, regionOf, zoomed } from "@/pure/view";

const WHOLE = { from: 0, to: 100 };

describe("what of a recording is shown", () => {
  it("zooms around a place and never leaves the recording", () => {
    const near = zoomed(WHOLE, 0.5, 20, 100);
    expect(near).toEqual({ from: 10, to: 60 });
    expect(placeOf(near, 20)).toBeCloseTo(0.2);
    expect(zoomed({ from: 90, to: 100 }, 4, 100, 100)).toEqual({ from: 60, to: 100 });
    expect(zoomed(WHOLE, 9, 50, 100)).toEqual(WHOLE);
    const closest = zoomed(WHOLE, 1e-9, 0, 100);
    expect(closest.to - closest.from).toBeCloseTo(LEAST_S);
  });
  it("moves and follows the position", () => {
    expect(moved({ from: 10, to: 20 }, 500, 100)).toEqual({ from: 90, to: 100 });
    expect(following({ from: 10, to: 20 }, 15, 100)).toEqual({ from: 10, to: 20 });
    expect(following({ from: 10, to: 20 }, 30, 100).from).toBeCloseTo(29.5);
    expect(isWhole(WHOLE, 100)).toBe(true);
    expect(isWhole({ from: 0, to: 50 }, 100)).toBe(false);
  });
  it("takes two ends in any order and no tiny ones", () => {
    expect(regionOf(8, 3, 100)).toEqual({ from: 3, to: 8 });
    expect(regionOf(-4, 300, 100)).toEqual(WHOLE);
    expect(regionOf(5, 5.01, 100)).toBeNull();
  });
});
