/** The comparison with the exchange's list: filtered, and as a table to be saved. Pure. */
import type { CdrOutcome, CdrRow } from "@/api/types";

export const OUTCOMES: readonly CdrOutcome[] = ["matched", "only_listed", "only_ours", "unreadable"];

export function only(rows: readonly CdrRow[], outcome: CdrOutcome | "all"): readonly CdrRow[] {
  return outcome === "all" ? rows : rows.filter((row) => row.outcome === outcome);
}

/** RFC 4180, with the mark that makes spreadsheets read UTF-8; what could be a formula is made plain text. */
export function csv(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const plain = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `\uFEFF${[heading, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
