/** Channels of boards: which of them are wanted, and the points of their plots. Pure. */
import type { Line, LineHistory } from "@/api/types";

export interface WantedLines {
  state: string;
  board: string;
  text: string;
}

export function wantedLines(lines: readonly Line[], wanted: WantedLines): Line[] {
  const text = wanted.text.trim().toLowerCase();
  return lines.filter(
    (one) =>
      (!wanted.state || one.state === wanted.state) &&
      (!wanted.board || one.board === wanted.board) &&
      (!text || [String(one.number), one.name, one.extension].some((part) => part.toLowerCase().includes(text))),
  );
}

/** How many channels are in each state. */
export function lineCounts(lines: readonly Line[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of lines) counts.set(one.state, (counts.get(one.state) ?? 0) + 1);
  return counts;
}

export interface Sample {
  at: number;
  value: number | null;
}

/** One figure of a channel's history, and the newest look on top of it. */
export function samplesOf(history: LineHistory, figure: "volts" | "level_dbm0"): Sample[] {
  return history.at.map((at, place) => ({ at: Date.parse(at), value: history[figure][place] ?? null }));
}

/** All from one to the other in the order shown, whichever was touched first: what Shift does to a selection. */
export function between(shown: readonly Line[], from: number, to: number): number[] {
  const numbers = shown.map((one) => one.number);
  const [first, last] = [numbers.indexOf(from), numbers.indexOf(to)].sort((one, other) => one - other);
  return first === undefined || last === undefined || first < 0 ? [to] : numbers.slice(first, last + 1);
}
