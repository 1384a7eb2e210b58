import { describe, expect, it } from "vitest";

import { numberKey, range, readList, writeList } from "@/pure/commissioning";

describe("readList", () => {
  it("takes a number a line, with a name behind a tab, comma or semicolon", () => {
    expect(readList("8001\tReception\r\n\n# floor 2\n8002, Ann, Room 7\n8003；前台\n").extensions).toEqual([
      { number: "8001", name: "Reception" },
      { number: "8002", name: "Ann Room 7" },
      { number: "8003", name: "前台" },
    ]);
  });
  it("takes each number once and tells which came again", () => {
    const found = readList("+49 211 5\n492115\n8001\n8001");
    expect(found.extensions.map((one) => one.number)).toEqual(["+49 211 5", "8001"]);
    expect(found.repeated).toEqual(["492115", "8001"]);
  });
  it("writes out ranges", () => {
    expect(readList("0098-0101;Floor").extensions.map((one) => one.number)).toEqual(["0098", "0099", "0100", "0101"]);
  });
  it("comes back from its own text", () => {
    const list = [{ number: "8001", name: "" }, { number: "anna", name: "A B" }];
    expect(readList(writeList(list)).extensions).toEqual(list);
  });
});

describe("range", () => {
  it.each(["8001", "8010-8001", "1-10", "0211-5551234", "1000-9999", "a-b"])("%s is none", (text) => {
    expect(range(text)).toBeNull();
  });
});

it("numbers are compared without separators", () => {
  expect(numberKey("+49 (211) 5-5")).toBe("4921155");
  expect(numberKey(" Anna ")).toBe("anna");
});
