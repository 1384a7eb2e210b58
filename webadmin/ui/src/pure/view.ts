/** What of a recording is shown: seconds from … to, zoomed and moved without leaving it. Pure. */

export interface View {
  from: number;
  to: number;
}

/** The least that is shown; finer than this no ear can tell. */
export const LEAST_S = 0.05;

function inside(from: number, span: number, total: number): View {
  const start = Math.min(Math.max(0, from), Math.max(0, total - span));
  return { from: start, to: start + span };
}

/** Zoom by a factor (below 1 = closer) so that the second `at` stays where it is. */
export function zoomed(view: View, factor: number, at: number, total: number): View {
  if (total <= 0) return { from: 0, to: 0 };
  const old = view.to - view.from;
  const span = Math.min(total, Math.max(Math.min(LEAST_S, total), old * factor));
  const place = old > 0 ? (at - view.from) / old : 0.5;
  return inside(at - place * span, span, total);
}

/** Moved by so many seconds. */
export function moved(view: View, by: number, total: number): View {
  return inside(view.from + by, view.to - view.from, total);
}

/** The same view, turned over like a page when the position has left it. */
export function following(view: View, position: number, total: number): View {
  const span = view.to - view.from;
  if (position >= view.from && position <= view.to) return view;
  return inside(position - span * 0.05, span, total);
}

/** Whether all of it is shown. */
export function isWhole(view: View, total: number): boolean {
  return view.to - view.from >= total - 1e-6;
}

/** Where a second stands in the view, as a fraction of its width; outside it is below 0 or above 1. */
export function placeOf(view: View, at: number): number {
  const span = view.to - view.from;
  return span > 0 ? (at - view.from) / span : 0;
}

/** Two ends in order, inside the recording; null when they are too close to be meant. */
export function regionOf(one: number, other: number, total: number): View | null {
  const from = Math.max(0, Math.min(one, other));
  const to = Math.min(total, Math.max(one, other));
  return to - from >= LEAST_S ? { from, to } : null;
}
