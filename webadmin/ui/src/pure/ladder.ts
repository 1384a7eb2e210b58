/** The geometry of a SIP ladder: who stands where, which arrow goes between whom. Pure. */
import type { LadderMessage } from "@/api/types";

export interface Arrow {
  message: LadderMessage;
  from: number;
  to: number;
  /** Milliseconds since the message before. */
  afterMs: number;
  kind: "request" | "progress" | "success" | "failure";
}

export interface Ladder {
  /** Addresses in the order in which they first speak. */
  columns: string[];
  arrows: Arrow[];
}

export function kindOf(label: string): Arrow["kind"] {
  const code = Number(/^(\d{3})\b/.exec(label)?.[1]);
  if (!code) return "request";
  return code < 200 ? "progress" : code < 300 ? "success" : "failure";
}

export function ladderOf(messages: readonly LadderMessage[]): Ladder {
  const columns: string[] = [];
  const place = (address: string): number => {
    const known = columns.indexOf(address);
    return known >= 0 ? known : columns.push(address) - 1;
  };
  let before: number | null = null;
  const arrows = messages.map((message) => {
    const at = Date.parse(message.at);
    const afterMs = before === null ? 0 : at - before;
    before = at;
    return { message, from: place(message.source), to: place(message.destination), afterMs, kind: kindOf(message.label) };
  });
  return { columns, arrows };
}
