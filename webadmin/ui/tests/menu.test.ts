import { expect, test } from "vitest";

import { PAGES } from "@/pages";
import { closedOf, menuOf, stepped } from "@/pure/menu";

test("a group in which nothing may be seen is not there", () => {
  expect(menuOf(PAGES, (page) => page.who === "calls").map((group) => group.name)).toEqual(["recordings"]);
  expect(menuOf(PAGES, () => false)).toEqual([]);
});

test("every page of the menu stands in exactly one group and has an icon", () => {
  const shown = menuOf(PAGES, () => true).flatMap((group) => group.pages);
  expect(shown.map((page) => page.name).sort()).toEqual(PAGES.filter((page) => page.group).map((page) => page.name).sort());
  expect(shown.every((page) => page.icon !== null)).toBe(true);
});

test("the arrow keys stop at both ends", () => {
  expect(stepped("ArrowDown", 2, 3)).toBe(2);
  expect(stepped("ArrowDown", -1, 3)).toBe(0);
  expect(stepped("ArrowUp", 0, 3)).toBe(0);
  expect(stepped("End", 0, 3)).toBe(2);
  expect(stepped("x", 0, 3)).toBeNull();
  expect(stepped("Home", 0, 0)).toBeNull();
});

test("what was put down as closed may be rubbish", () => {
  expect([...closedOf("people,nonsense")]).toEqual(["people"]);
  expect(closedOf(null).size).toBe(0);
});
