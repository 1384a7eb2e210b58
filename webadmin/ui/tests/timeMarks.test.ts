import { describe, expect, it } from "vitest";

import type { Annotations, CallDetail } from "@/api/types";
import type { Peaks } from "@/pure/peaks";
import { silences, timeMarks } from "@/pure/timeMarks";

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, 0) + seconds * 1000).toISOString();

const call = {
  recording: { starts_at: at(0), length_s: 60 },
  manifest: { control: [{ at: at(10), verb: "pause", by: "x" }, { at: at(15), verb: "resume", by: "x" }] },
  events: [
    { at: at(20), kind: "hold", side: "caller", detail: "" },
    { at: at(21), kind: "hold", side: "callee", detail: "" },
    { at: at(25), kind: "resume", side: "caller", detail: "" },
    { at: at(30), kind: "dtmf", side: "caller", detail: "5" },
    { at: at(90), kind: "dtmf", side: "caller", detail: "6" },
  ],
  tracks: [{ side: "callee", quality: { series: { starts_at: at(-1), step_s: 2, lost: [0, 3] } } }],
} as unknown as CallDetail;

describe("marks on the time line", () => {
  it("tells pauses, hold, keys and loss in seconds of the recording", () => {
    expect(timeMarks(call, null, null).map((mark) => [mark.kind, mark.from, mark.to, mark.side, mark.text])).toEqual([
      ["loss", 1, 3, "callee", "3"],
      ["pause", 10, 15, null, ""],
      ["hold", 20, 25, "caller", ""],
      ["hold", 21, 60, "callee", ""],
      ["dtmf", 30, 30, "caller", "5"],
    ]);
  });
  it("tells notes that have a place, and bookmarks", () => {
    const annotations = {
      notes: [{ id: 1, position_s: 4, text: "here" }, { id: 2, position_s: null, text: "all" }],
      bookmarks: [{ id: 3, position_s: 2, label: "there" }],
    } as unknown as Annotations;
    expect(timeMarks(null, annotations, null).map((mark) => [mark.kind, mark.from, mark.id])).toEqual([["bookmark", 2, 3], ["note", 4, 1]]);
  });
  it("finds silence of both sides that lasts", () => {
    const channel = new Int8Array(2 * 500).fill(0);
    const other = new Int8Array(2 * 500).fill(0);
    for (let peak = 0; peak < 100; peak += 1) channel[2 * peak + 1] = 50;
    for (let peak = 400; peak < 440; peak += 1) other[2 * peak] = -50;
    const peaks: Peaks = { sampleRateHz: 8000, frames: 80_000, levels: [{ framesPerPeak: 160, peaks: 500, channels: [channel, other] }] };
    expect(silences(peaks)).toEqual([{ from: 2, to: 8 }]);
  });
});
