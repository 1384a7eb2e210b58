import { expect, test } from "vitest";

import { filled, uptime } from "@/pure/system";

test("the time since the start has days only when there are some", () => {
  expect(uptime(0, "days")).toBe("00:00:00");
  expect(uptime(86_399, "days")).toBe("23:59:59");
  expect(uptime(2 * 86_400 + 3_661, "d")).toBe("2 d 01:01:01");
});

test("a disk is full only when nothing is left", () => {
  expect(filled({ total_bytes: 1000, free_bytes: 1 })).toBe(99);
  expect(filled({ total_bytes: 1000, free_bytes: 0 })).toBe(100);
  expect(filled({ total_bytes: 0, free_bytes: 0 })).toBe(0);
});
