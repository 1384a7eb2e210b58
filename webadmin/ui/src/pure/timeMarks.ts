/** What happened when in a recording, for the time line: pauses, hold, keys, loss, silence, notes, bookmarks. Pure. */
import type { Annotations, CallDetail, Side } from "@/api/types";
import type { Peaks } from "@/pure/peaks";

export const TIME_MARKS = ["pause", "hold", "dtmf", "loss", "silence", "note", "bookmark"] as const;
export type TimeMarkKind = (typeof TIME_MARKS)[number];

export interface TimeMark {
  kind: TimeMarkKind;
  /** Seconds of the recording; `to` equals `from` for a moment. */
  from: number;
  to: number;
  side: Side | null;
  text: string;
  id: number | null;
}

/** The shortest silence that is worth a mark. */
export const SILENCE_S = 3;
const QUIET = 2;

interface Change {
  at: string;
  begins: boolean;
}

function spans(changes: readonly Change[], origin: number, total: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let begun: number | null = null;
  for (const change of changes) {
    const at = Math.min(total, Math.max(0, (Date.parse(change.at) - origin) / 1000));
    if (change.begins) begun ??= at;
    else if (begun !== null) {
      if (at > begun) found.push({ from: begun, to: at });
      begun = null;
    }
  }
  if (begun !== null && begun < total) found.push({ from: begun, to: total });
  return found;
}

/** Where both sides are quiet for three seconds or more, from the finest level of the waveform. */
export function silences(peaks: Peaks): { from: number; to: number }[] {
  const level = peaks.levels[0];
  if (!level) return [];
  const step = level.framesPerPeak / peaks.sampleRateHz;
  const found: { from: number; to: number }[] = [];
  let since = -1;
  for (let peak = 0; peak <= level.peaks; peak += 1) {
    const quiet =
      peak < level.peaks && level.channels.every((channel) => Math.abs(channel[2 * peak] ?? 0) <= QUIET && Math.abs(channel[2 * peak + 1] ?? 0) <= QUIET);
    if (quiet && since < 0) since = peak;
    if (!quiet && since >= 0) {
      if ((peak - since) * step >= SILENCE_S) found.push({ from: since * step, to: Math.min(peak * step, peaks.frames / peaks.sampleRateHz) });
      since = -1;
    }
  }
  return found;
}

/** All marks in the order of the recording. */
export function timeMarks(call: CallDetail | null, annotations: Annotations | null, peaks: Peaks | null): TimeMark[] {
  const found: TimeMark[] = [];
  const add = (kind: TimeMarkKind, from: number, to: number, side: Side | null = null, text = "", id: number | null = null): void => {
    found.push({ kind, from, to, side, text, id });
  };
  const recording = call?.recording;
  if (call && recording) {
    const origin = Date.parse(recording.starts_at);
    const total = recording.length_s;
    const orders = (call.manifest.control ?? []).filter((one) => ["pause", "resume", "start"].includes(one.verb));
    for (const span of spans(orders.map((one) => ({ at: one.at, begins: one.verb === "pause" })), origin, total)) add("pause", span.from, span.to);
    for (const side of ["caller", "callee"] as const) {
      const holds = call.events.filter((one) => (one.kind === "hold" || one.kind === "resume") && (one.side ?? "caller") === side);
      for (const span of spans(holds.map((one) => ({ at: one.at, begins: one.kind === "hold" })), origin, total)) add("hold", span.from, span.to, side);
    }
    for (const event of call.events) {
      const at = (Date.parse(event.at) - origin) / 1000;
      if (event.kind === "dtmf" && at >= 0 && at <= total) add("dtmf", at, at, event.side ?? null, event.detail);
    }
    for (const track of call.tracks) {
      const series = track.quality?.series;
      if (!series) continue;
      const begin = (Date.parse(series.starts_at) - origin) / 1000;
      (series.lost ?? []).forEach((lost, index) => {
        const from = begin + index * series.step_s;
        if (lost && from < total && from + series.step_s > 0) add("loss", Math.max(0, from), Math.min(total, from + series.step_s), track.side, String(lost));
      });
    }
  }
  if (peaks) for (const span of silences(peaks)) add("silence", span.from, span.to);
  for (const note of annotations?.notes ?? []) if (note.position_s !== null) add("note", note.position_s, note.position_s, null, note.text, note.id);
  for (const mark of annotations?.bookmarks ?? []) add("bookmark", mark.position_s, mark.position_s, null, mark.label, mark.id);
  return found.sort((one, other) => one.from - other.from);
}
