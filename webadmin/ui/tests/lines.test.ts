import { describe, expect, it } from "vitest";

import type { Line } from "@/api/types";
import { between, lineCounts, samplesOf, wantedLines } from "@/pure/lines";

const line = (number: number, more: Partial<Line> = {}): Line =>
  ({ number, board: "a", kind: "analog", span: 0, timeslot: 0, name: "", extension: "", control: "auto", control_text: "", state: "idle", state_text: "", volts: null, level_dbm0: null, call_id: "", ...more }) as Line;

describe("channels of boards", () => {
  const lines = [line(1, { name: "Front desk" }), line(2, { state: "recording", extension: "8002" }), line(3, { board: "b" })];

  it("are found by number, name, extension, state and board", () => {
    const found = (wanted: object): number[] => wantedLines(lines, { state: "", board: "", text: "", ...wanted }).map((one) => one.number);
    expect(found({ text: "desk" })).toEqual([1]);
    expect(found({ text: "800" })).toEqual([2]);
    expect(found({ state: "recording" })).toEqual([2]);
    expect(found({ board: "b" })).toEqual([3]);
    expect(found({ text: "nobody" })).toEqual([]);
  });

  it("are counted by state", () => {
    expect(Object.fromEntries(lineCounts(lines))).toEqual({ idle: 2, recording: 1 });
  });

  it("are selected from one to another in either order, and alone when the first is not shown", () => {
    expect(between(lines, 3, 1)).toEqual([1, 2, 3]);
    expect(between(lines, 1, 2)).toEqual([1, 2]);
    expect(between(lines, 99, 2)).toEqual([2]);
  });

  it("are plotted with holes where nothing is known", () => {
    const history = { at: ["2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z"], volts: [48, null], level_dbm0: [null, -20] };
    expect(samplesOf(history, "volts").map((one) => one.value)).toEqual([48, null]);
    expect(samplesOf(history, "level_dbm0")[1]).toEqual({ at: Date.parse("2026-11-21T12:00:01Z"), value: -20 });
  });
});
