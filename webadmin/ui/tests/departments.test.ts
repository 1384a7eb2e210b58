import { describe, expect, it } from "vitest";

import { flat, narrowed, subtree } from "@/pure/departments";

const one = (id: number, name: string, parent_id: number | null = null) => ({ id, name, parent_id, extensions: 0, people: 0 });
const FIRM = [one(1, "Sales"), one(2, "North", 1), one(3, "Office"), one(4, "Harbour", 2)];

describe("the tree of departments", () => {
  it("reads parents before children", () => {
    expect(flat(FIRM).map(({ department, depth }) => [department.name, depth])).toEqual([["Sales", 0], ["North", 1], ["Harbour", 2], ["Office", 0]]);
    expect(flat(FIRM)[2]?.path).toEqual(["Sales", "North", "Harbour"]);
  });
  it("loses nothing that hangs in the air or in a ring", () => {
    const odd = [one(1, "a", 99), one(2, "b", 3), one(3, "c", 2)];
    expect(flat(odd).map(({ department }) => department.id).sort()).toEqual([1, 2, 3]);
  });
  it("knows what is below", () => {
    expect([...subtree(FIRM, 1)].sort()).toEqual([1, 2, 4]);
    expect([...subtree(FIRM, 3)]).toEqual([3]);
  });
  it("is narrowed with those above", () => {
    expect(narrowed(flat(FIRM), "harb").map(({ department }) => department.id)).toEqual([1, 2, 4]);
    expect(narrowed(flat(FIRM), "nothing")).toEqual([]);
    expect(narrowed(flat(FIRM), " ")).toHaveLength(4);
  });
});
