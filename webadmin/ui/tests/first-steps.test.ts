import { expect, it } from "vitest";

import { stepStates, type Seen } from "@/pure/firstSteps";

const fresh: Seen = { ports: [], synchronised: null, aheadMs: 60_000, mirrors: [], recorded: 0 };

it("a box that nobody has cabled has everything before it", () => {
  expect(stepStates(fresh)).toEqual({ network: "trouble", time: "trouble", mirror: "trouble", call: "waiting" });
});
it("each step is done by what the box shows, not by a tick", () => {
  const seen: Seen = {
    ports: [{ managing: "enp1", link_up: true, addresses: [{}] }],
    synchronised: true,
    aheadMs: 60_000,
    mirrors: [{ link_up: true, counters: { packets: 7 } }],
    recorded: 1,
  };
  expect(new Set(Object.values(stepStates(seen)))).toEqual(new Set(["done"]));
});
it("a mirror port with a link and no packets waits for the switch", () => {
  expect(stepStates({ ...fresh, mirrors: [{ link_up: true, counters: { packets: 0 } }] }).mirror).toBe("waiting");
});
it("a clock that agrees with the reader's is good enough without a server", () => {
  expect(stepStates({ ...fresh, aheadMs: 900 }).time).toBe("done");
});
