/** What a new recorder still needs, judged by what the box itself tells: nothing has to be remembered. Pure. */

export type StepState = "done" | "waiting" | "trouble";

export interface Seen {
  ports: readonly { managing: string; link_up?: boolean; addresses?: readonly unknown[] }[];
  synchronised: boolean | null;
  /** How far the box's clock is from this computer's. Units: ms */
  aheadMs: number;
  mirrors: readonly { link_up: boolean; counters: Record<string, number> }[];
  recorded: number;
}

const CLOSE_MS = 2_000;

/** Each step by name. A clock that no server keeps right is good enough while it agrees with the reader's. */
export function stepStates(seen: Seen): Record<"network" | "time" | "mirror" | "call", StepState> {
  const reached = seen.ports.some((port) => port.managing && port.link_up && (port.addresses?.length ?? 0) > 0);
  const linked = seen.mirrors.some((mirror) => mirror.link_up);
  const packets = seen.mirrors.some((mirror) => (mirror.counters["packets"] ?? 0) > 0);
  return {
    network: reached ? "done" : "trouble",
    time: seen.synchronised || Math.abs(seen.aheadMs) < CLOSE_MS ? "done" : "trouble",
    mirror: packets ? "done" : linked ? "waiting" : "trouble",
    call: seen.recorded > 0 ? "done" : "waiting",
  };
}
