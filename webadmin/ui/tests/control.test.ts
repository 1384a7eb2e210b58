import { describe, expect, test } from "vitest";

import { ASKS_FIRST, NEEDS_REASON, verbOfKey, type Verb } from "@/pure/control";

const RECORDING: Verb[] = ["pause", "stop", "keep", "discard"];

describe("keys", () => {
  test.each([
    ["p", RECORDING, "pause"],
    ["p", ["resume", "stop"] as Verb[], "resume"],
    ["r", ["start"] as Verb[], "start"],
    ["r", RECORDING, null],
    ["s", RECORDING, "stop"],
    ["b", RECORDING, "keep"],
    ["x", ["keep"] as Verb[], null],
    ["q", RECORDING, null],
  ])("%s on %j is %s", (key, allowed, wanted) => expect(verbOfKey(key, allowed)).toBe(wanted));
});

test("what cannot be taken back is asked about, and only a discard needs a reason", () => {
  expect([...ASKS_FIRST]).toEqual(["stop", "discard"]);
  expect([...NEEDS_REASON]).toEqual(["discard"]);
});
