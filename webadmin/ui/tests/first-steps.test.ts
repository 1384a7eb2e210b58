import { expect, it } from "vitest";

import { following, heard, passed, stepStates, STEPS, type Kept, type Seen } from "@/pure/firstSteps";

const fresh: Seen = { ports: [], synchronised: null, aheadMs: 60_000, mirrors: [], recorded: 0 };
const nothing: Kept = { seen: [], later: [] };
const talking = { link_up: true, counters: { packets: 7, sip_udp: 1 } };

it("a box that nobody has cabled has everything before it", () => {
  expect(stepStates(fresh, nothing)).toEqual({ language: "waiting", password: "waiting", network: "trouble", time: "trouble", mirror: "trouble", call: "waiting" });
});
it("each step is done by what the box shows, and by a word where it cannot know", () => {
  const seen: Seen = { ports: [{ managing: "enp1", link_up: true, addresses: [{}] }], synchronised: true, aheadMs: 60_000, mirrors: [talking], recorded: 1 };
  expect(new Set(Object.values(stepStates(seen, { seen: ["language", "password"], later: [] })))).toEqual(new Set(["done"]));
});
it("a mirror port with packets and no signalling waits for the right port of the switch", () => {
  expect(stepStates({ ...fresh, mirrors: [{ link_up: true, counters: { packets: 0 } }] }, nothing).mirror).toBe("waiting");
  expect(stepStates({ ...fresh, mirrors: [{ link_up: true, counters: { packets: 900 } }] }, nothing).mirror).toBe("waiting");
  expect(stepStates({ ...fresh, mirrors: [talking] }, nothing).mirror).toBe("done");
});
it("what several mirror ports heard is added up", () => {
  expect(heard([talking, { link_up: false, counters: { packets: 3, sip_tcp: 2 } }])).toEqual({ linked: true, packets: 10, signalling: 3 });
});
it("a clock that agrees with the reader's is good enough without a server", () => {
  expect(stepStates({ ...fresh, aheadMs: 900 }, nothing).time).toBe("done");
});
it("what was put off is said to be, until the box sees that it was done", () => {
  const kept: Kept = { seen: [], later: ["mirror", "call"] };
  expect(stepStates(fresh, kept).mirror).toBe("later");
  expect(stepStates({ ...fresh, mirrors: [talking] }, kept).mirror).toBe("done");
});
it("a step is either agreed to or put off", () => {
  const late = passed(nothing, "time", true);
  expect(late).toEqual({ seen: [], later: ["time"] });
  expect(passed(late, "time", false)).toEqual({ seen: ["time"], later: [] });
});
it("the steps lead to one another and to an end", () => {
  const walked: string[] = [];
  for (let at = following("language"); at; at = following(at)) walked.push(at);
  expect(walked).toEqual(STEPS.slice(1));
});
