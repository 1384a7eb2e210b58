import { describe, expect, test } from "vitest";

import { barsOf, daysOf, heat } from "@/pure/statistics";

describe("the days", () => {
  const now = new Date(2026, 10, 21, 15);
  test("are those of this month at first, and of a link that names others", () => {
    expect(daysOf("", "", now)).toEqual({ first: "2026-11-01", last: "2026-11-21" });
    expect(daysOf("2026-10-01", "2026-10-31", now)).toEqual({ first: "2026-10-01", last: "2026-10-31" });
  });
  test.each([["2026-10-31", "2026-10-01"], ["yesterday", "2026-10-01"], ["2026-13-45", "2026-99-99"]])("%s to %s are no days", (first, last) =>
    expect(daysOf(first, last, now)).toEqual({ first: "2026-11-01", last: "2026-11-21" }),
  );
});

test("bars are shares of the longest, the longest first, lines without any left out", () => {
  const bars = barsOf({
    columns: [{ text: "Extension", kind: "text" }, { text: "In", kind: "count", charted: true }, { text: "Out", kind: "count", charted: true }, { text: "Talk", kind: "seconds" }],
    rows: [["1001", 1, 0, 99], ["1002", 3, 1, 5], ["1003", 0, 0, 0]],
  });
  expect(bars.map((bar) => [bar.name, bar.total, bar.parts.map((part) => part.share)])).toEqual([["1002", 4, [0.75, 0.25]], ["1001", 1, [0.25, 0]]]);
});

test("heat has five steps, and the least call is seen", () => {
  expect([0, 1, 25, 26, 51, 99, 100].map((value) => heat(value, 100))).toEqual([0, 1, 1, 2, 3, 4, 4]);
  expect(heat(0, 0)).toBe(0);
});
