/** The columns of the list of calls that a reader may choose, beside those that every list has. Pure. */
import type { Row } from "@/api/types";
import { count, duration, moment, size } from "@/pure/format";

/** They have the names that exports know them by, in the order of the list. */
export const COLUMNS = [
  "caller_company", "caller_department", "callee_company", "callee_department", "direction", "duration", "ringing_at", "answered_at",
  "ended_at", "length", "bytes", "verdict", "packets", "lost", "codecs", "sip_call_id",
] as const;
export type Column = (typeof COLUMNS)[number];

export const USUAL: readonly Column[] = ["direction", "duration", "codecs"];
/** What every list has, whatever was chosen; the first says in what is kept that something was chosen at all. */
const ALWAYS = ["started_at", "caller", "caller_name", "callee", "callee_name", "state", "marks", "tags", "mos"] as const;

/** What was kept as columns of the list; what is not known any more is left out. */
export function chosen(kept: readonly string[]): Column[] {
  return kept.length ? COLUMNS.filter((one) => kept.includes(one)) : [...USUAL];
}

/** The columns of the list as they are kept and as an export takes them. */
export function toKeep(columns: readonly Column[]): string[] {
  return [...ALWAYS, ...COLUMNS.filter((one) => columns.includes(one))];
}

/** What a call shows in a column that only some lists have. */
export function cell(row: Row, column: Column, tag: string): string {
  switch (column) {
    case "caller_company":
      return row.caller.company || "–";
    case "caller_department":
      return row.caller.department || "–";
    case "callee_company":
      return row.callee.company || "–";
    case "callee_department":
      return row.callee.department || "–";
    case "ringing_at":
    case "answered_at":
    case "ended_at":
      return row[column] ? moment(row[column], tag) : "–";
    case "length":
      return row.file ? duration(row.length_s) : "–";
    case "bytes":
      return row.file ? size(row.bytes) : "–";
    case "verdict":
      return row.verdict_text || "–";
    case "packets":
      return count(row.packets, tag);
    case "lost":
      return count(row.lost, tag);
    case "sip_call_id":
      return row.sip_call_id;
    default:
      return ""; // These have a place of their own.
  }
}

const OWN_PLACE: readonly Column[] = ["direction", "duration", "codecs"];
/** The chosen columns that the list has at its end only when they are chosen. */
export const further = (columns: readonly Column[]): Column[] => columns.filter((one) => !OWN_PLACE.includes(one));
