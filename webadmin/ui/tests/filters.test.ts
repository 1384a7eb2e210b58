import { describe, expect, test } from "vitest";

import { fromUrl, narrowing, NO_FILTERS, rangeStart, toQuery, toUrl, type Filters } from "@/pure/filters";

const full: Filters = {
  range: "custom",
  from: "2026-11-01T00:00:00.000Z",
  to: "2026-11-02T00:00:00.000Z",
  number: "+86 138",
  caller: "100&x=1",
  callee: "韩梅梅",
  match: "suffix",
  direction: "incoming",
  recorded: "no",
  reason: "busy",
  mark: "loss",
  codec: "PCMA",
  min_s: 0,
  max_s: 60,
  max_mos: 3.1,
  verdict: "network",
  interaction_id: "01m7",
  sort: "-duration",
  page: 3,
  page_size: 50,
};

describe("a link", () => {
  test("brings back every filter, through a real query string", () => {
    const search = new URLSearchParams(toUrl(full)).toString();
    expect(fromUrl(Object.fromEntries(new URLSearchParams(search)))).toEqual(full);
  });

  test("of no filters is empty", () => expect(toUrl(NO_FILTERS)).toEqual({}));

  test("of a quick range does not freeze its times", () => {
    expect(toUrl({ ...full, range: "today" })).not.toHaveProperty("from");
  });

  test("somebody mistyped is as if the wrong parts were not there", () => {
    const given = {
      range: "yesterday", from: "soon", match: "regex", recorded: "maybe", min_s: "-4", max_s: "x", sort: "name", page: "0", page_size: "7",
    };
    expect(fromUrl(given)).toEqual(NO_FILTERS);
  });

  test("with a repeated part counts the first", () => {
    expect(fromUrl({ number: ["1", "2"], callee: [null], codec: undefined }).number).toBe("1");
  });

  test("with times but no range is custom", () => {
    expect(fromUrl({ from: "2026-11-01T00:00:00Z" }).range).toBe("custom");
    expect(fromUrl({ range: "custom" }).range).toBe("all");
  });
});

describe("ranges begin", () => {
  test("today at midnight", () => {
    expect(rangeStart("today", new Date(2026, 10, 21, 15))).toEqual(new Date(2026, 10, 21));
  });
  test.each([
    [new Date(2026, 10, 21), new Date(2026, 10, 16)], // Saturday
    [new Date(2026, 10, 22, 23), new Date(2026, 10, 16)], // Sunday
    [new Date(2026, 10, 16, 1), new Date(2026, 10, 16)], // Monday
    [new Date(2026, 10, 1), new Date(2026, 9, 26)], // over the end of a month
  ])("the week of %s on Monday", (now, monday) => expect(rangeStart("week", now)).toEqual(monday));
  test("the month on its first day", () => {
    expect(rangeStart("month", new Date(2026, 10, 21))).toEqual(new Date(2026, 10, 1));
  });
  test("all never", () => expect(rangeStart("all", new Date())).toBeNull());
});

describe("the API is asked", () => {
  const now = new Date(2026, 10, 21, 15);
  test("for what was chosen and no more", () => {
    expect(toQuery({ ...NO_FILTERS }, now)).toEqual({ sort: "-started_at", page: 1, page_size: 25 });
  });
  test("with a match only when there is a number", () => {
    expect(toQuery({ ...NO_FILTERS, match: "exact" }, now)).not.toHaveProperty("match");
    expect(toQuery({ ...NO_FILTERS, caller: "1", match: "exact" }, now)).toMatchObject({ match: "exact", caller: "1" });
  });
  test("with a zero that was typed", () => expect(toQuery({ ...NO_FILTERS, min_s: 0 }, now)).toHaveProperty("min_s", 0));
  test("with the range as a time, never as a word", () => {
    const query = toQuery({ ...NO_FILTERS, range: "today" }, now);
    expect(query["from"]).toBe(new Date(2026, 10, 21).toISOString());
    expect(query).not.toHaveProperty("range");
  });
});

test("what narrows the list is told apart from order and paging", () => {
  expect(narrowing({ ...NO_FILTERS, sort: "duration", page: 2, page_size: 100, match: "exact" })).toEqual([]);
  expect(narrowing({ ...NO_FILTERS, number: "1", min_s: 0 })).toEqual(["number", "min_s"]);
});
