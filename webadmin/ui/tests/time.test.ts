import { expect, it } from "vitest";

import { milliseconds, offsetText, wall } from "@/pure/time";

it("small differences are told in milliseconds, large ones in seconds", () => {
  expect(milliseconds(0.0123, "en")).toBe("12.3 ms");
  expect(milliseconds(-0.0004, "en", true)).toBe("-0.4 ms");
  expect(milliseconds(0.25, "en", true)).toBe("+250 ms");
  expect(milliseconds(7200, "en")).toBe("7,200 s");
});
it("a zone's clock is its own", () => {
  expect(wall(Date.UTC(2026, 10, 21, 10, 0, 5), "Asia/Shanghai", "en")).toContain("18:00:05");
});
it("offsets are told with their sign", () => {
  expect([480, -210, 0].map(offsetText)).toEqual(["UTC+08:00", "UTC−03:30", "UTC+00:00"]);
});
