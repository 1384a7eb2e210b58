import { describe, expect, it } from "vitest";

import type { CdrRow } from "@/api/types";
import { csv, only } from "@/pure/cdr";

describe("the table to be saved", () => {
  it("quotes what needs it and holds no formulas", () => {
    expect(csv(["a", "b"], [['say "x"', "1,2"], ["=1+1", "+4930"]])).toBe('\uFEFFa,b\r\n"say ""x""","1,2"\r\n\'=1+1,+4930\r\n');
  });
});

describe("the filter", () => {
  it("keeps one outcome, or all", () => {
    const rows = [{ outcome: "matched" }, { outcome: "only_ours" }] as CdrRow[];
    expect(only(rows, "only_ours")).toEqual([rows[1]]);
    expect(only(rows, "all")).toBe(rows);
  });
});
