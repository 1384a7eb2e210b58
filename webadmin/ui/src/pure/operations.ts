/** The quick ranges of the operation log. Pure. */

export const QUICK = ["today", "week", "month", "ever"] as const;
export type Quick = (typeof QUICK)[number];

/** From the beginning of the day, week (Monday) or month to the end of today, in the reader's time zone. */
export function rangeOf(quick: Quick, now: Date): [Date, Date] | null {
  if (quick === "ever") return null;
  const from = new Date(now.getFullYear(), now.getMonth(), quick === "month" ? 1 : now.getDate());
  if (quick === "week") from.setDate(from.getDate() - ((from.getDay() + 6) % 7));
  return [from, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)];
}
