/** The clock as people read it. Pure. */

/** Seconds as milliseconds, or as seconds from one second on; with its sign where asked. */
export function milliseconds(seconds: number, tag: string, signed = false): string {
  const large = Math.abs(seconds) >= 1;
  const value = large ? seconds : seconds * 1000;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = new Intl.NumberFormat(tag, { maximumFractionDigits: digits, signDisplay: signed ? "exceptZero" : "auto" }).format(value);
  return `${text} ${large ? "s" : "ms"}`;
}

/** The wall clock of a zone: date and time to the second. */
export function wall(at: number, zone: string, tag: string): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone: zone }).format(at);
}

/** `UTC+08:00`. */
export function offsetText(minutes: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
