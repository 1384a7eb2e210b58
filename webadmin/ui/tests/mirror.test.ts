import { describe, expect, it } from "vitest";

import { fromColumns, GROUPS, oneWayShare, others, readings, remember, tone, type Sample } from "@/pure/mirror";

const look = (second: number, counters: Record<string, number>): Sample => ({ at: second * 1000, counters });

describe("readings", () => {
  it("are growth a second", () => {
    const samples = [look(0, { packets: 100, bytes: 0 }), look(1, { packets: 300, bytes: 125_000 }), look(3, { packets: 400, bytes: 125_000 })];
    expect(readings(samples, "packets").map((one) => one.value)).toEqual([200, 50]);
    expect(readings(samples, "mbit").map((one) => one.value)).toEqual([1, 0]);
  });
  it("add both transports of SIP", () => {
    expect(readings([look(0, {}), look(1, { sip_udp: 2, sip_tcp: 3 })], "sip")).toEqual([{ at: 1000, value: 5 }]);
  });
  it("know nothing over a restart or a pause in the news", () => {
    const samples = [look(0, { rtp: 50 }), look(1, { rtp: 3 }), look(2, { rtp: 4 }), look(60, { rtp: 100 })];
    expect(readings(samples, "audio").map((one) => one.value)).toEqual([null, 1, null]);
  });
  it("of a state are the state itself", () => {
    expect(readings([look(0, { held_now: 7 })], "held")).toEqual([{ at: 0, value: 7 }]);
  });
});

describe("remember", () => {
  it("keeps five minutes", () => {
    let samples: Sample[] = [];
    for (let second = 0; second <= 1000; second += 1) samples = remember(samples, look(second, {}));
    expect(samples.at(0)?.at).toBe(700_000);
    expect(samples).toHaveLength(301);
  });
  it("replaces what a clock set back makes the future", () => {
    expect(remember([look(1, {}), look(5, {})], look(3, {})).map((one) => one.at)).toEqual([1000, 3000]);
  });
});

it("columns become samples", () => {
  expect(fromColumns(["1970-01-01T00:00:01Z"], { packets: [4] })).toEqual([look(1, { packets: 4 })]);
});

describe("tone", () => {
  it("is bad for any loss of ours", () => {
    expect(tone("kernel_drops", { packets: 1e9, kernel_drops: 1 })).toBe("bad");
  });
  it("warns of the doubtful only when it is much", () => {
    expect(tone("rtp_unbound", { packets: 1000, rtp_unbound: 5 })).toBe("");
    expect(tone("rtp_unbound", { packets: 1000, rtp_unbound: 50 })).toBe("warn");
  });
  it("says nothing of plain facts", () => {
    expect(tone("not_ip", { packets: 10, not_ip: 9 })).toBe("");
  });
});

it("a counter nobody described is shown all the same", () => {
  expect(others({ packets: 1, brand_new: 2 })).toEqual(["brand_new"]);
  expect(new Set(Object.values(GROUPS).flat()).size).toBe(Object.values(GROUPS).flat().length);
});

describe("the share of streams with one direction", () => {
  it("is in percent, and unknown without streams", () => {
    expect(oneWayShare({ streams: 8, one_way: 3 })).toBe(38);
    expect(oneWayShare({ streams: 4, one_way: 0 })).toBe(0);
    expect(oneWayShare({ streams: 0, one_way: 0 })).toBeNull();
  });
});
