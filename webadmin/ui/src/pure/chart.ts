/** Scales and paths of the charts, in the units of an SVG's view box. Pure. */

export interface Point {
  x: number;
  y: number;
}

/** From a range of values to a range of places; a range without extent is its middle. */
export function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const extent = to - from;
  return (value) => (extent === 0 ? (start + end) / 2 : start + ((value - from) / extent) * (end - start));
}

/** The upper end of an axis from 0: 1, 2 or 5 times a power of ten, never below `least`. */
export function niceTop(largest: number, least = 1): number {
  const wanted = Math.max(least, Number.isFinite(largest) ? largest : least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((one) => one * power >= wanted * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(3));
}

/** One line through the points, broken where one is null: what is not known is not drawn. */
export function line(points: readonly (Point | null)[]): string {
  let path = "";
  let isOpen = false;
  for (const point of points) {
    if (point) path += `${isOpen ? "L" : "M"}${round(point.x)} ${round(point.y)}`;
    isOpen = point !== null;
  }
  return path;
}

/** The surface between a line and `floor`, one shape for each unbroken part. */
export function area(points: readonly (Point | null)[], floor: number): string {
  let path = "";
  let part: Point[] = [];
  const close = (): void => {
    const [first] = part;
    const last = part.at(-1);
    if (first && last) path += `${line(part)}L${round(last.x)} ${round(floor)}L${round(first.x)} ${round(floor)}Z`;
    part = [];
  };
  for (const point of points) {
    if (point) part.push(point);
    else close();
  }
  close();
  return path;
}

/** A line that keeps each value for its whole step, for figures that stand for an interval. */
export function steps(values: readonly (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  return line(values.flatMap((value, index) => (value === null ? [null] : [{ x: x(index), y: y(value) }, { x: x(index + 1), y: y(value) }])));
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400] as const;

/** Round seconds between 0 and `length_s`, at most `most` of them, for the axis of a call's time. */
export function timeTicks(lengthS: number, most: number): number[] {
  const step = STEPS_S.find((one) => lengthS / one <= most) ?? Math.ceil(lengthS / most / 86400) * 86400;
  const found: number[] = [];
  for (let at = 0; at <= lengthS; at += step) found.push(at);
  return found;
}

/** A number short enough for an axis: `0.5`, `12`, `3.2k`, `1.5M`. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 9_995) return `${Number((value / 1e3).toPrecision(3))}k`;
  return size >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
