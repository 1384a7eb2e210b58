import { expect, test } from "vitest";

import { counted, drops } from "@/pure/intake";
import { axisTop } from "@/pure/scale";

test.each([
  [0, 4], [4, 4], [5, 8], [9, 10], [11, 20], [41, 50], [61, 80], [99, 100], [101, 200], [4321, 5000],
])("an axis for %i ends at %i", (largest, top) => expect(axisTop(largest)).toBe(top));

test("an axis always holds its bars and has a whole middle", () => {
  for (let largest = 0; largest < 3000; largest += 7) {
    expect(axisTop(largest)).toBeGreaterThanOrEqual(largest);
    expect(axisTop(largest) % 2).toBe(0);
  }
});

test("signalling of both transports is one figure, and every way of losing counts as lost", () => {
  expect(counted({ sip_udp: 3, sip_tcp: 4 }, "sip")).toBe(7);
  expect(drops({ kernel_drops: 1, hold_overflow: 2, event_overflow: 3, rtp: 100 })).toBe(6);
  expect(drops({})).toBe(0);
});
