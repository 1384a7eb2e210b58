/** A calm upper end for a chart's axis: 1, 2, 4, 5 or 8 times a power of ten, at least 4, so that half of it is whole. Pure. */
export function axisTop(largest: number): number {
  if (largest <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(largest));
  for (const step of [1, 2, 4, 5, 8, 10]) {
    const top = step * power;
    if (top >= largest && top % 2 === 0) return top;
  }
  return 10 * power;
}
