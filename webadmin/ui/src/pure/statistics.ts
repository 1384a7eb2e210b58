/** Statistics: which days are asked for, and what the chart draws of a table. Pure. */

export const SUBJECTS = ["hours", "extensions", "departments", "persons", "trunks", "quality", "faults", "regions"] as const;
export type Subject = (typeof SUBJECTS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOST_BARS = 20;

interface Shape {
  columns: readonly { text: string; kind: string; charted?: boolean }[];
  rows: readonly (readonly (string | number)[])[];
}
export interface Bar {
  name: string;
  parts: { text: string; value: number; share: number }[];
  total: number;
}

function day(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

/** The days of an address that anybody may have typed; else those of this month up to today. */
export function daysOf(first: string, last: string, now: Date): { first: string; last: string } {
  const known = DAY.test(first) && DAY.test(last) && !Number.isNaN(Date.parse(first)) && !Number.isNaN(Date.parse(last)) && first <= last;
  return known ? { first, last } : { first: day(new Date(now.getFullYear(), now.getMonth(), 1)), last: day(now) };
}

/** The longest bars of a table, each with its charted columns as shares of the longest. */
export function barsOf(table: Shape): Bar[] {
  const charted = table.columns.map((column, place) => ({ ...column, place })).filter((column) => column.charted);
  const bars = table.rows.map((row) => {
    const parts = charted.map((column) => ({ text: column.text, value: Number(row[column.place] ?? 0), share: 0 }));
    return { name: String(row[0] ?? ""), parts, total: parts.reduce((sum, part) => sum + part.value, 0) };
  });
  const longest = Math.max(1, ...bars.map((bar) => bar.total));
  return bars
    .filter((bar) => bar.total > 0)
    .sort((one, other) => other.total - one.total)
    .slice(0, MOST_BARS)
    .map((bar) => ({ ...bar, parts: bar.parts.map((part) => ({ ...part, share: part.value / longest })) }));
}

/** How dark a cell of the heat map is, in five steps; 0 is nothing at all. */
export function heat(value: number, most: number): number {
  return value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((4 * value) / most));
}
