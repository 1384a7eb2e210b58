import { beforeEach, describe, expect, test } from "vitest";

import type { LiveCall } from "@/api/types";
import { apply, emptyLive, type Health, type Live, type News } from "@/pure/news";

const party = (number: string) => ({ number, number_raw: number, display: "", uri: "", address: "", name: "", company: "", department: "" });
const call = (id: string, state: LiveCall["call"]["state"] = "ringing"): LiveCall => ({
  at: "2026-11-21T10:00:00Z",
  codecs: {}, control: null,
  call: {
    call_id: id, sip_call_id: id, interaction_id: id, caller: party("1"), callee: party("2"), direction: "unknown", data_type: "ip", trunk: "", state, transport: "udp",
    started_at: "2026-11-21T10:00:00Z", ringing_at: null, answered_at: null, ended_at: null, ended_by: null, status_code: null, events: [], related: [],
  },
});
const figures = (packets: number) => ({ caller: { packets, lost: 0, jitter_ms: 1 } });
const health = (check: string, raised: boolean): Health => ({
  check, raised, code: "disk_low", severity: "warning", title: "low", remedy: "", facts: {}, at: "2026-11-21T10:00:00Z",
});
const hello = (calls: LiveCall[]): News => ({
  t: "hello", calls, media: { a: figures(5) }, programs: [], intake: [], queue: null, health: [health("disk", true), health("port", false)],
});

let live: Live;
beforeEach(() => (live = emptyLive()));

describe("hello", () => {
  test("replaces whatever was known before", () => {
    apply(live, { t: "call", call: call("old") });
    apply(live, hello([call("a"), call("b")]));
    expect([...live.calls.keys()]).toEqual(["a", "b"]);
    expect(live.calls.get("a")?.media).toEqual(figures(5));
    expect(live.known).toBe(true);
  });
  test("names only what is raised as a condition", () => {
    apply(live, hello([]));
    expect([...live.conditions.keys()]).toEqual(["disk"]);
  });
});

describe("a call", () => {
  test("appears, changes and goes", () => {
    apply(live, { t: "call", call: call("a") });
    apply(live, { t: "call", call: call("a", "up") });
    expect(live.calls.get("a")?.call.state).toBe("up");
    apply(live, { t: "gone", call_id: "a" });
    expect(live.calls.size).toBe(0);
  });
  test("keeps its figures when its state changes", () => {
    apply(live, { t: "call", call: call("a") });
    apply(live, { t: "media", calls: { a: figures(50) } });
    apply(live, { t: "call", call: call("a", "held") });
    expect(live.calls.get("a")?.media).toEqual(figures(50));
  });
  test("that is not live is not made live by its figures", () => {
    apply(live, { t: "media", calls: { ghost: figures(1) } });
    expect(live.calls.size).toBe(0);
  });
  test("keeps one side's figures when only the other is told", () => {
    apply(live, { t: "call", call: call("a") });
    apply(live, { t: "media", calls: { a: figures(1) } });
    apply(live, { t: "media", calls: { a: { callee: { packets: 2, lost: 0, jitter_ms: 0 } } } });
    expect(Object.keys(live.calls.get("a")?.media ?? {})).toEqual(["caller", "callee"]);
  });
});

test("a condition is raised and cleared by its check", () => {
  apply(live, { t: "health", ...health("disk", true) });
  apply(live, { t: "health", ...health("port", true) });
  apply(live, { t: "health", ...health("disk", false) });
  expect([...live.conditions.keys()]).toEqual(["port"]);
});

test("indexed calls are counted without end and remembered with one", () => {
  for (let index = 0; index < 250; index += 1) apply(live, { t: "indexed", call_id: String(index), recorded: true });
  expect(live.indexedCount).toBe(250);
  expect(live.indexed.length).toBe(100);
  expect(live.indexed.at(-1)?.call_id).toBe("249");
});

test("news of a kind nobody knows yet changes nothing", () => {
  apply(live, { t: "tomorrow" } as unknown as News);
  expect(live).toEqual(emptyLive());
});
