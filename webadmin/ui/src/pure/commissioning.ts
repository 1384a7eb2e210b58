/** The installer's list as typed or pasted. Pure. */

export interface Extension {
  number: string;
  name: string;
}

export interface ReadList {
  extensions: Extension[];
  /** Numbers that stood there more than once; only the first of each is taken. */
  repeated: string[];
}

const ALL = /^(\d{1,12})\s*(?:-|–|\.\.|~|至|到)\s*(\d{1,12})$/;
/** A range longer than this is a typing error. */
const LONGEST_RANGE = 2000;

/** A number as it is compared: without separators and leading +. */
export function numberKey(number: string): string {
  const bare = number.replace(/[\s().\-/\u00a0]/g, "").replace(/^\+/, "");
  return /^\d+$/.test(bare) ? bare : number.trim().toLowerCase();
}

/** `8001-8010` as its numbers with their leading zeros; null when it is no sensible range. */
export function range(text: string): string[] | null {
  const [, from = "", to = ""] = ALL.exec(text.trim()) ?? [];
  if (!from || from.length !== to.length) return null;
  const first = Number(from);
  const last = Number(to);
  if (last < first || last - first >= LONGEST_RANGE) return null;
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(from.length, "0"));
}

/** One extension a line: number, then a tab, semicolon or comma, then a name; or a range. Blank lines and #-lines are skipped. */
export function readList(text: string): ReadList {
  const extensions: Extension[] = [];
  const repeated: string[] = [];
  const seen = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim() || line.trim().startsWith("#")) continue;
    const [first = "", ...rest] = line.split(/[\t;,，；]/);
    const name = rest.map((part) => part.trim()).filter(Boolean).join(" ").slice(0, 100);
    for (const number of range(first) ?? [first.trim()]) {
      if (!number) continue;
      const key = numberKey(number);
      if (seen.has(key)) repeated.push(number);
      else extensions.push({ number, name });
      seen.add(key);
    }
  }
  return { extensions, repeated };
}

/** The list as text again, as `readList` takes it. */
export function writeList(extensions: readonly Extension[]): string {
  return extensions.map((one) => (one.name ? `${one.number}\t${one.name}` : one.number)).join("\n");
}
