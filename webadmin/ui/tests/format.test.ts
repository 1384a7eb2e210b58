import { describe, expect, test } from "vitest";

import { clock, duration, offset, partyName, share, shortDay, size } from "@/pure/format";

describe("durations", () => {
  test.each([
    [0, "0:00"],
    [59.99, "0:59"],
    [3420, "57:00"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
    [-3, "0:00"],
    [null, "–"],
    [NaN, "–"],
  ])("%s s reads %s", (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe("sizes stay short", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [9_950_000, "9.95 MB"],
    [99_500_000, "100 MB"],
    [75_600_000_000, "75.6 GB"],
    [5e18, "5000 PB"],
    [undefined, "–"],
  ])("%s bytes read %s", (bytes, text) => expect(size(bytes)).toBe(text));
});

test("a share below a tenth of a per cent is not called nothing", () => {
  expect(share(1, 100_000)).toBe("<0.1%");
  expect(share(0, 100)).toBe("0%");
  expect(share(3, 0)).toBe("0%");
  expect(share(49, 50)).toBe("98%");
  expect(share(23, 1000)).toBe("2.3%");
});

test("the clock shows the reader's own time, with milliseconds when asked", () => {
  const at = new Date(2026, 10, 21, 9, 5, 7, 42);
  expect(clock(at)).toBe("09:05:07");
  expect(clock(at, true)).toBe("09:05:07.042");
  expect(clock(null)).toBe("–");
});

test("another year is named, this one is not", () => {
  const now = new Date(2026, 10, 21);
  expect(shortDay(new Date(2026, 0, 2), "en-GB", now)).toBe("2 Jan");
  expect(shortDay(new Date(2025, 0, 2), "en-GB", now)).toBe("2 Jan 2025");
  expect(shortDay(new Date(2026, 0, 2), "zh-CN", now)).toBe("1月2日");
});

test("offsets carry a sign and become minutes when long", () => {
  const start = "2026-11-21T10:00:00Z";
  expect(offset(start, "2026-11-21T10:00:00.420Z")).toBe("+0.42 s");
  expect(offset(start, "2026-11-21T09:59:59Z")).toBe("−1.00 s");
  expect(offset(start, "2026-11-21T10:57:03Z")).toBe("+57:03");
});

test("a party is named by display name, then number, then as nobody", () => {
  expect(partyName({ number: "1001", display: "李雷" }, "-")).toBe("李雷");
  expect(partyName({ number: "1001", display: "" }, "-")).toBe("1001");
  expect(partyName({ number: "", display: "" }, "-")).toBe("-");
});
