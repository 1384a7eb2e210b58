/** What the menu shows: the groups in which somebody may see anything, and where the arrow keys lead. Pure. */
import { GROUPS, type Group, type Page } from "@/pages";

export interface MenuGroup {
  name: Group;
  pages: Page[];
}

/** The groups in order, each with the pages that `may` lets through; a group without any is not there. */
export function menuOf(pages: readonly Page[], may: (page: Page) => boolean): MenuGroup[] {
  return GROUPS.map((name) => ({ name, pages: pages.filter((page) => page.group === name && may(page)) })).filter(
    (group) => group.pages.length > 0,
  );
}

/** The place that an arrow key, Home or End leads to from `at` among `count`; `null` for other keys. */
export function stepped(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return Math.min(count - 1, at + 1);
  if (key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** The closed groups as they were put down; anything that is no list of groups counts as none. */
export function closedOf(stored: string | null): Set<Group> {
  const names = (stored ?? "").split(",");
  return new Set(GROUPS.filter((group) => names.includes(group)));
}
