import { expect, test } from "vitest";

import { grade } from "@/pure/passwords";

test.each([
  ["", "short"],
  ["elevenchars", "short"],
  ["aaaaaaaaaaaa", "weak"],
  ["abcdefghijklmnop", "weak"],
  ["123456789012345", "weak"],
  ["administrator", "weak"],
  ["winter holiday", "fair"],
  ["correct horse battery", "good"],
  ["Correct horse battery staple 42", "strong"],
  ["我家门前有两棵枣树另一棵也是", "fair"],
])("%s is %s", (password, expected) => expect(grade(password, 12, "administrator")).toBe(expected));

test("length is counted in characters, not in code units", () => {
  expect(grade("😀".repeat(6), 12)).toBe("short");
});
