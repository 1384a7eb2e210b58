/** The quality of a call over its time, as the charts need it. Pure. */
import type { Side, Track } from "@/api/types";

export type Grade = "good" | "fair" | "bad";

/** Users satisfied, some not, most not. Source: ITU-T G.107 annex B (R = 80, 60 on the scale of MOS) */
export const GOOD_FROM = 4.0;
export const FAIR_FROM = 3.1;

export function grade(mos: number | null | undefined): Grade | null {
  if (mos === null || mos === undefined || mos <= 0) return null;
  return mos >= GOOD_FROM ? "good" : mos >= FAIR_FROM ? "fair" : "bad";
}

export const TONE: Readonly<Record<Grade, "good" | "warn" | "bad">> = { good: "good", fair: "warn", bad: "bad" };

export const GRAPHS = ["lost", "jitter", "mos"] as const;
export type Graph = (typeof GRAPHS)[number];

/** One stream's figures; seconds count from the beginning of the chart. Null = nothing was received. */
export interface Curve {
  side: Side;
  startS: number;
  stepS: number;
  values: Record<Graph, (number | null)[]>;
}

export interface Course {
  /** Milliseconds since the epoch. */
  from: number;
  lengthS: number;
  curves: Curve[];
}

/** The streams that have figures over time, on one scale of time; null when none has two steps. */
export function course(tracks: readonly Track[]): Course | null {
  const found = tracks.flatMap((track) => {
    const series = track.quality?.series;
    return series?.lost.length ? [{ side: track.side, series, from: Date.parse(series.starts_at) }] : [];
  });
  if (!found.some((one) => one.series.lost.length > 1)) return null;
  const from = Math.min(...found.map((one) => one.from));
  const until = Math.max(...found.map((one) => one.from + one.series.lost.length * one.series.step_s * 1000));
  return {
    from,
    lengthS: (until - from) / 1000,
    curves: found.map(({ side, series, from: start }) => {
      const isHeard = (index: number): boolean => (series.mos[index] ?? 0) > 0;
      const heard = (values: readonly number[]): (number | null)[] => series.lost.map((_, index) => (isHeard(index) ? (values[index] ?? null) : null));
      return {
        side,
        startS: (start - from) / 1000,
        stepS: series.step_s,
        values: { lost: series.lost.map((lost, index) => (isHeard(index) || lost > 0 ? lost : null)), jitter: heard(series.jitter_ms), mos: heard(series.mos) },
      };
    }),
  };
}

export function largest(found: Course, graph: Graph): number {
  return Math.max(0, ...found.curves.flatMap((curve) => curve.values[graph].map((value) => value ?? 0)));
}

/** What a curve says at a moment, null outside of it. */
export function valueAt(curve: Curve, graph: Graph, second: number): number | null {
  return curve.values[graph][Math.floor((second - curve.startS) / curve.stepS)] ?? null;
}

export interface Band {
  kind: "hold" | "pause";
  fromS: number;
  untilS: number;
}

/** What opens and closes bands; an open one lasts to the end, what lies outside is cut off. */
function spans(kind: Band["kind"], moments: readonly { at: string; opens: boolean }[], found: Course): Band[] {
  const bands: Band[] = [];
  const second = (at: string): number => Math.min(found.lengthS, Math.max(0, (Date.parse(at) - found.from) / 1000));
  let open: number | null = null;
  for (const moment of moments) {
    if (moment.opens) open ??= second(moment.at);
    else if (open !== null) {
      bands.push({ kind, fromS: open, untilS: second(moment.at) });
      open = null;
    }
  }
  if (open !== null) bands.push({ kind, fromS: open, untilS: found.lengthS });
  return bands.filter((band) => band.untilS > band.fromS);
}

/** When the call was on hold, and when its recording was paused. */
export function bands(found: Course, events: readonly { at: string; kind: string }[], control: readonly { at: string; verb: string }[]): Band[] {
  const holds = events.filter((event) => event.kind === "hold" || event.kind === "resume").map((event) => ({ at: event.at, opens: event.kind === "hold" }));
  const pauses = control
    .filter((order) => ["pause", "resume", "stop"].includes(order.verb))
    .map((order) => ({ at: order.at, opens: order.verb === "pause" }));
  return [...spans("hold", holds, found), ...spans("pause", pauses, found)];
}

export interface Line {
  second: number;
  cells: { side: Side; lost: number | null; jitter: number | null; mos: number | null }[];
}

/** The same as a table: one line a step of the longest curve, one cell a side that has figures then. */
export function asTable(found: Course): Line[] {
  const stepS = Math.max(...found.curves.map((curve) => curve.stepS));
  const lines: Line[] = [];
  for (let second = 0; second < found.lengthS; second += stepS) {
    const cells = found.curves.flatMap((curve) => {
      const middle = second + stepS / 2;
      const [lost, jitter, mos] = GRAPHS.map((graph) => valueAt(curve, graph, middle));
      return lost === null && mos === null ? [] : [{ side: curve.side, lost: lost ?? null, jitter: jitter ?? null, mos: mos ?? null }];
    });
    lines.push({ second, cells });
  }
  return lines;
}
