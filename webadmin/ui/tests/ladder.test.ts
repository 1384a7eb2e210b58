import { expect, test } from "vitest";

import { kindOf, ladderOf } from "@/pure/ladder";

const step = (at: string, source: string, destination: string, label: string) => ({
  at, source, destination, label, transport: "udp", cseq: "", has_sdp: false, raw: null,
});

test("columns stand in the order in which they first speak, arrows between them", () => {
  const ladder = ladderOf([
    step("2026-11-21T10:00:00.000Z", "a", "p", "INVITE"),
    step("2026-11-21T10:00:00.010Z", "p", "b", "INVITE"),
    step("2026-11-21T10:00:02.000Z", "b", "p", "200 OK"),
  ]);
  expect(ladder.columns).toEqual(["a", "p", "b"]);
  expect(ladder.arrows.map(({ from, to, afterMs }) => [from, to, afterMs])).toEqual([[0, 1, 0], [1, 2, 10], [2, 1, 1990]]);
});

test("a message to oneself has one column", () => {
  expect(ladderOf([step("2026-11-21T10:00:00Z", "a", "a", "BYE")]).columns).toEqual(["a"]);
});

test.each([
  ["INVITE", "request"],
  ["180 Ringing", "progress"],
  ["200 OK", "success"],
  ["302 Moved", "failure"],
  ["486 Busy Here", "failure"],
  ["2000", "request"],
])("%s is a %s", (label, kind) => expect(kindOf(label)).toBe(kind));
