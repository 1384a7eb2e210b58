import { describe, expect, test } from "vitest";

import { fromLine, fromUrl, narrowing, NO_FILTERS, toLine, toQuery, toUrl, type Filters } from "@/pure/filters";

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
  extension: "8031",
  name: "Ann Lee",
  company: "公司",
  department: 7,
  data_type: "siprec",
  call_type: "missed",
  conference: "yes",
  encrypted: "no",
  reviewed: "no",
  trunk: "10.0.0.1",
  tag: "vip",
  note: "call back",
  without_number: "110",
  without_mark: "held",
  without_reason: "policy",
  without_tag: "spam",
  min_s: 0,
  max_s: 60,
  max_mos: 3.1,
  verdict: "network",
  interaction_id: "01m7",
  sort: "-duration",
  page: 3,
  page_size: 50,
  cursor: "a_1795262400000000_17",
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
      range: "someday", from: "soon", match: "regex", recorded: "maybe", min_s: "-4", max_s: "x", sort: "name", page: "0", page_size: "7",
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

describe("the API is asked", () => {
  const now = "Europe/Berlin";
  test("for what was chosen and no more", () => {
    expect(toQuery({ ...NO_FILTERS }, now)).toEqual({ sort: "-started_at", page: 1, page_size: 25 });
  });
  test("with a match only when there is a number", () => {
    expect(toQuery({ ...NO_FILTERS, match: "exact" }, now)).not.toHaveProperty("match");
    expect(toQuery({ ...NO_FILTERS, caller: "1", match: "exact" }, now)).toMatchObject({ match: "exact", caller: "1" });
  });
  test("with a zero that was typed", () => expect(toQuery({ ...NO_FILTERS, min_s: 0 }, now)).toHaveProperty("min_s", 0));
  test("with the range as a word and whose calendar it is", () => {
    expect(toQuery({ ...NO_FILTERS, range: "last_week" }, now)).toMatchObject({ range: "last_week", tz: "Europe/Berlin" });
    expect(toQuery({ ...NO_FILTERS, range: "all" }, now)).not.toHaveProperty("range");
  });
  test("for a pattern when stars were typed", () => {
    expect(toQuery({ ...NO_FILTERS, number: "5039*" }, now)).toMatchObject({ match: "pattern" });
    expect(toQuery({ ...NO_FILTERS, number: "5039*", match: "exact" }, now)).toMatchObject({ match: "exact" });
    expect(toQuery({ ...NO_FILTERS, number: "5039" }, now)).toMatchObject({ match: "contains" });
  });
});

describe("a line of words", () => {
  test("and the form are one question", () => {
    const line = { ...full, page: 1, cursor: "" };
    expect(fromLine(toLine(line), 50)).toEqual(line);
    expect(fromLine(toLine({ ...NO_FILTERS, range: "last_month" }), 25)).toEqual({ ...NO_FILTERS, range: "last_month" });
  });
  test("says nothing of paging, nor of the usual order", () => expect(toLine({ ...NO_FILTERS, page: 4, page_size: 100 })).toEqual({}));
});

test("what narrows the list is told apart from order and paging", () => {
  expect(narrowing({ ...NO_FILTERS, sort: "duration", page: 2, page_size: 100, match: "exact" })).toEqual([]);
  expect(narrowing({ ...NO_FILTERS, number: "1", min_s: 0 })).toEqual(["number", "min_s"]);
});
