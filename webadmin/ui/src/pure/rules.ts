/** The recording rules as the pages edit them: order, what a rule asks for, numbers typed in bulk. Pure. */
import { words, type Schema, type Value, type Values } from "@/form/schema";

/** The list with one entry carried to another place. */
export function moved<One>(list: readonly One[], from: number, to: number): One[] {
  const rest = [...list];
  const [one] = rest.splice(from, 1);
  if (one === undefined) return rest;
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, one);
  return rest;
}

export interface Condition {
  label: string;
  text: string;
}

/** The names of a rule's members that say what is done rather than which calls are meant. */
const NO_CONDITION = new Set(["name", "enabled", "action", "sample_pct", "header_name", "header_contains"]);

/** What a rule asks of a call, each condition with its label; an empty list fits every call. */
export function conditions(rule: Values, members: readonly { name: string; schema: Schema }[], language: "en" | "zh"): Condition[] {
  const found = members.flatMap(({ name, schema }) => {
    const value = rule[name];
    if (NO_CONDITION.has(name) || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return [];
    const listed = (Array.isArray(value) ? value : [value]).map((one: Value) => words(schema["x-choices"]?.[String(one)], language, String(one)));
    const shown = listed.length > 4 ? [...listed.slice(0, 4), "…"] : listed;
    return [{ label: words(schema["x-text"], language, name), text: shown.join(language === "zh" ? "、" : ", ") }];
  });
  const header = String(rule["header_name"] ?? "");
  if (header) found.push({ label: header, text: String(rule["header_contains"] ?? "") || "*" });
  return found;
}

/** A name that no entry of the list has yet: "New", "New 2", "New 3". */
export function freeName(stem: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

export const MOST_AT_ONCE = 2000;

export interface Bulk {
  numbers: string[];
  /** Pieces that are neither a number nor a range. */
  odd: string[];
  tooMany: boolean;
}

/** `1001-1050, 2000 0301` as single numbers; a range keeps the leading zeros of its first number. */
export function bulkNumbers(text: string): Bulk {
  const bulk: Bulk = { numbers: [], odd: [], tooMany: false };
  const joined = text.replace(/\s*[-–—~至]\s*(?=\d)/g, "-");
  for (const piece of joined.split(/[\s,;，；、]+/).filter(Boolean)) {
    const range = /^(\d{1,15})-(\d{1,15})$/.exec(piece);
    if (range) {
      const [first, last] = [range[1] ?? "", range[2] ?? ""];
      const count = Number(last) - Number(first) + 1;
      if (count < 1 || first.length > last.length) bulk.odd.push(piece);
      else if (bulk.numbers.length + count > MOST_AT_ONCE) bulk.tooMany = true;
      else for (let step = 0; step < count; step += 1) bulk.numbers.push(String(Number(first) + step).padStart(first.length, "0"));
    } else if (/^[^*=@-][^*]{0,31}$/.test(piece)) {
      if (bulk.numbers.length >= MOST_AT_ONCE) bulk.tooMany = true;
      else bulk.numbers.push(piece);
    } else bulk.odd.push(piece);
  }
  return bulk;
}
