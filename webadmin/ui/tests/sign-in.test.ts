import { expect, test } from "vitest";

import { rangeOf } from "@/pure/operations";
import { bytesOf, canUse, textOf } from "@/pure/passkeys";

test("bytes survive the way to base64url and back", () => {
  const raw = Uint8Array.from({ length: 256 }, (_, at) => at);
  const text = textOf(raw.buffer);
  expect(text).not.toMatch(/[+/=]/);
  expect([...bytesOf(text)]).toEqual([...raw]);
  expect(textOf(new ArrayBuffer(0))).toBe("");
});

test("passkeys need a secure page under a name", () => {
  expect(canUse("localhost", true, true)).toBe(true);
  expect(canUse("box.example.com", true, true)).toBe(true);
  expect(canUse("box.example.com", false, true)).toBe(false);
  expect(canUse("192.168.1.5", true, true)).toBe(false);
  expect(canUse("::1", true, true)).toBe(false);
  expect(canUse("localhost", true, false)).toBe(false);
});

test("a week begins on Monday and ranges end with today", () => {
  const sunday = new Date(2026, 10, 22, 15);
  expect(rangeOf("today", sunday)).toEqual([new Date(2026, 10, 22), new Date(2026, 10, 23)]);
  expect(rangeOf("week", sunday)).toEqual([new Date(2026, 10, 16), new Date(2026, 10, 23)]);
  expect(rangeOf("month", sunday)).toEqual([new Date(2026, 10, 1), new Date(2026, 10, 23)]);
  expect(rangeOf("ever", sunday)).toBeNull();
});
