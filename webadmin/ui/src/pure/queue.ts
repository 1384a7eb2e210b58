/** Several recordings one after the other. Pure: the rows are handed in. */
import type { Row } from "@/api/types";

/** The recordings among the calls, in the order in which they were spoken. */
export function inOrder(rows: readonly Row[]): Row[] {
  const begin = (row: Row): number => Date.parse(row.answered_at ?? row.started_at);
  return rows
    .filter((row) => row.state === "recorded")
    .sort((one, other) => begin(one) - begin(other) || one.call_id.localeCompare(other.call_id));
}

/** The place `by` steps from `at`, or null when that is beyond either end. */
export function stepped(at: number, by: number, length: number): number | null {
  const to = at + by;
  return to >= 0 && to < length ? to : null;
}
