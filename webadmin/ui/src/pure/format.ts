/** Numbers, times and sizes as a reader expects them. Pure: the language tag is handed in. */

const TWO = (value: number): string => String(value).padStart(2, "0");

/** Seconds as `m:ss` or `h:mm:ss`; a fraction is cut, as a clock does. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${TWO(minutes)}:${TWO(whole % 60)}` : `${minutes}:${TWO(whole % 60)}`;
}

/** Bytes with a decimal unit, three digits at most. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return "–";
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export function count(value: number | null | undefined, tag: string): string {
  return value === null || value === undefined ? "–" : new Intl.NumberFormat(tag).format(value);
}

/** A part of a whole in per cent: `0%`, `<0.1%`, `2.3%`, `18%`. */
export function share(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "0%";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "<0.1%";
  return percent < 9.95 ? `${Number(percent.toFixed(1))}%` : `${Math.round(percent)}%`;
}

/** `14:03:09`, or with milliseconds for the ladder. */
export function clock(at: string | Date | null | undefined, milliseconds = false): string {
  if (!at) return "–";
  const time = new Date(at);
  const text = `${TWO(time.getHours())}:${TWO(time.getMinutes())}:${TWO(time.getSeconds())}`;
  return milliseconds ? `${text}.${String(time.getMilliseconds()).padStart(3, "0")}` : text;
}

/** `2026-11-21`, the reader's own calendar day. */
export function day(at: string | Date): string {
  const time = new Date(at);
  return `${time.getFullYear()}-${TWO(time.getMonth() + 1)}-${TWO(time.getDate())}`;
}

/** A short day for a list: `21 Nov` / `11月21日`, with the year when it is not this one. */
export function shortDay(at: string | Date, tag: string, now = new Date()): string {
  const time = new Date(at);
  const sameYear = time.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(tag, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(time);
}

/** Date, weekday and time of the frame's clock. */
export function longNow(at: Date, tag: string): { date: string; time: string } {
  return {
    date: new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(at),
    time: clock(at),
  };
}

/** Day and time to the second, for details. */
export function moment(at: string | null | undefined, tag: string, milliseconds = false): string {
  return at ? `${shortDay(at, tag)} ${clock(at, milliseconds)}` : "–";
}

/** Seconds between two moments with a sign, for event lists: `+0.42 s`, `+57:03`. */
export function offset(from: string, at: string): string {
  const seconds = (Date.parse(at) - Date.parse(from)) / 1000;
  const sign = seconds < 0 ? "−" : "+";
  if (Math.abs(seconds) >= 60) return `${sign}${duration(Math.abs(seconds))}`;
  return `${sign}${Math.abs(seconds).toFixed(2)} s`;
}

/** The best short name of a party: the directory's, else what its telephone says. */
export function partyName(party: { number?: string; display?: string; name?: string } | null | undefined, nobody: string): string {
  return party?.name || party?.display || party?.number || nobody;
}
