import { describe, expect, test } from "vitest";

import type { Row } from "@/api/types";
import { inOrder, stepped } from "@/pure/queue";

function row(id: string, answered: string | null, state = "recorded"): Row {
  return { call_id: id, started_at: "2026-11-21T12:00:00Z", answered_at: answered, state } as Row;
}

describe("the recordings of a conversation", () => {
  test("are played in the order in which they were spoken, not in that of the tree", () => {
    const rows = [row("a", "2026-11-21T12:00:09Z"), row("b", "2026-11-21T12:00:03Z"), row("c", "2026-11-21T12:00:30Z")];
    expect(inOrder(rows).map((one) => one.call_id)).toEqual(["b", "a", "c"]);
  });
  test("leave out calls without one", () => {
    expect(inOrder([row("a", null, "not_recorded"), row("b", null)]).map((one) => one.call_id)).toEqual(["b"]);
  });
  test("of one moment keep the order of their ids", () => {
    const at = "2026-11-21T12:00:03Z";
    expect(inOrder([row("b", at), row("a", at)]).map((one) => one.call_id)).toEqual(["a", "b"]);
  });
});

test("a queue ends at both ends", () => {
  expect([stepped(0, 1, 2), stepped(1, 1, 2), stepped(0, -1, 2), stepped(0, 1, 0)]).toEqual([1, null, null, null]);
});
