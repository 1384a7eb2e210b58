import { describe, expect, test } from "vitest";

import type { Schema } from "@/form/schema";
import { bulkNumbers, conditions, freeName, moved } from "@/pure/rules";

test("an entry is carried to its new place and nothing else changes", () => {
  const list = ["a", "b", "c", "d"];
  expect(moved(list, 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(list, 3, 0)).toEqual(["d", "a", "b", "c"]);
  expect(moved(list, 1, 9)).toEqual(["a", "c", "d", "b"]);
  expect(moved(list, 1, -1)).toEqual(["b", "a", "c", "d"]);
  expect(moved(list, 7, 0)).toEqual(list);
  expect(list).toEqual(["a", "b", "c", "d"]);
});

describe("what a rule asks for", () => {
  const member = (name: string, en: string, choices?: Schema["x-choices"]): { name: string; schema: Schema } => ({
    name,
    schema: { "x-text": { en, zh: en }, ...(choices ? { "x-choices": choices } : {}) },
  });
  const members = [
    member("name", "Name"),
    member("action", "Action"),
    member("callers", "Caller"),
    member("directions", "Direction", { incoming: { en: "Incoming", zh: "呼入" } }),
    member("header_name", "Header"),
    member("header_contains", "Contains"),
    member("schedule", "Schedule"),
  ];
  test("is empty for a rule that every call fits", () => {
    expect(conditions({ name: "x", action: "record", callers: [], schedule: "" }, members, "en")).toEqual([]);
  });
  test("names values in the reader's language and shortens long lists", () => {
    const rule = { callers: ["1", "2", "3", "4", "5"], directions: ["incoming"], header_name: "X-Queue", header_contains: "sales" };
    expect(conditions(rule, members, "zh")).toEqual([
      { label: "Caller", text: "1、2、3、4、…" },
      { label: "Direction", text: "呼入" },
      { label: "X-Queue", text: "sales" },
    ]);
  });
});

test("a new entry takes a name that is free", () => {
  expect(freeName("Rule", [])).toBe("Rule");
  expect(freeName("Rule", ["Rule", "Rule 2"])).toBe("Rule 3");
});

describe("numbers in bulk", () => {
  test.each([
    ["1001-1003", ["1001", "1002", "1003"]],
    ["0098 - 0101", ["0098", "0099", "0100", "0101"]],
    ["1001, 1002；1003\n+4930", ["1001", "1002", "1003", "+4930"]],
    ["alice", ["alice"]],
    ["", []],
  ])("%j", (text, numbers) => expect(bulkNumbers(text)).toEqual({ numbers, odd: [], tooMany: false }));
  test("pieces that make no sense are named", () => {
    expect(bulkNumbers("1010-1001 =1+1 50* 7").odd).toEqual(["1010-1001", "=1+1", "50*"]);
  });
  test("a range that is too long is not unfolded", () => {
    expect(bulkNumbers("1-999999999999999")).toEqual({ numbers: [], odd: [], tooMany: true });
  });
});
