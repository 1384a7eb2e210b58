import { describe, expect, it } from "vitest";

import type { Track } from "@/api/types";
import { asTable, bands, course, grade, largest, valueAt } from "@/pure/quality";

const FROM = "2026-11-21T12:00:00Z";
const at = (second: number): string => new Date(Date.parse(FROM) + second * 1000).toISOString();

function track(side: "caller" | "callee", start: number, lost: number[], mos: number[], jitter = mos.map(() => 1)): Track {
  const series = { starts_at: at(start), step_s: 5, lost, jitter_ms: jitter, mos };
  return { side, quality: { mos: 4, mos_worst: 3, series } } as unknown as Track;
}

function both(): NonNullable<ReturnType<typeof course>> {
  const found = course([track("caller", 0, [0, 3, 0], [4.4, 3.1, 0]), track("callee", 5, [0, 0], [4.3, 4.2], [2, 20])]);
  if (!found) throw new Error("a course is expected");
  return found;
}

describe("course", () => {
  it("puts all streams on one scale of time", () => {
    const found = both();
    expect(found.lengthS).toBe(15);
    expect(found.curves.map((curve) => curve.startS)).toEqual([0, 5]);
    expect(largest(found, "lost")).toBe(3);
    expect(largest(found, "jitter")).toBe(20);
  });
  it("draws nothing where nothing was received", () => {
    expect(both().curves[0]?.values).toEqual({ lost: [0, 3, null], jitter: [1, 1, null], mos: [4.4, 3.1, null] });
  });
  it("draws loss even where nothing else was received", () => {
    expect(course([track("caller", 0, [0, 250], [4, 0])])?.curves[0]?.values.lost).toEqual([0, 250]);
  });
  it("needs two steps of one stream", () => {
    expect(course([])).toBeNull();
    expect(course([track("caller", 0, [1], [4])])).toBeNull();
    expect(course([{ side: "caller" } as unknown as Track])).toBeNull();
  });
});

it("a value is that of its step, none outside", () => {
  const [, callee] = both().curves;
  if (!callee) throw new Error("a curve is expected");
  expect([4.9, 5, 9.9, 10, 15].map((second) => valueAt(callee, "mos", second))).toEqual([null, 4.3, 4.3, 4.2, null]);
});

describe("bands", () => {
  const found = both();
  it("are from hold to resume and from pause to resume or stop", () => {
    const events = [{ at: at(1), kind: "hold" }, { at: at(2), kind: "dtmf" }, { at: at(4), kind: "resume" }];
    const control = [{ at: at(6), verb: "pause" }, { at: at(7), verb: "keep" }, { at: at(8), verb: "stop" }];
    expect(bands(found, events, control)).toEqual([
      { kind: "hold", fromS: 1, untilS: 4 },
      { kind: "pause", fromS: 6, untilS: 8 },
    ]);
  });
  it("last to the end when nothing ends them, and are cut to the chart", () => {
    expect(bands(found, [{ at: at(-5), kind: "hold" }], [])).toEqual([{ kind: "hold", fromS: 0, untilS: 15 }]);
    expect(bands(found, [{ at: at(99), kind: "hold" }, { at: at(3), kind: "resume" }], [])).toEqual([]);
    expect(bands(found, [{ at: at(3), kind: "resume" }], [])).toEqual([]);
  });
});

it("the table says the same as the chart", () => {
  expect(asTable(both())).toEqual([
    { second: 0, cells: [{ side: "caller", lost: 0, jitter: 1, mos: 4.4 }] },
    { second: 5, cells: [{ side: "caller", lost: 3, jitter: 1, mos: 3.1 }, { side: "callee", lost: 0, jitter: 2, mos: 4.3 }] },
    { second: 10, cells: [{ side: "callee", lost: 0, jitter: 20, mos: 4.2 }] },
  ]);
});

it.each([[4.4, "good"], [4, "good"], [3.9, "fair"], [3.1, "fair"], [2, "bad"], [0, null], [null, null], [undefined, null]] as const)("a MOS of %s is %s", (mos, found) => {
  expect(grade(mos)).toBe(found);
});
