/** What a new recorder still needs, judged by what the box itself tells wherever it can tell. Pure. */

export const STEPS = ["language", "password", "network", "time", "mirror", "call"] as const;
export type StepName = (typeof STEPS)[number];
export type StepState = "done" | "waiting" | "trouble" | "later";

export interface Seen {
  ports: readonly { managing: string; link_up?: boolean; addresses?: readonly unknown[] }[];
  synchronised: boolean | null;
  /** How far the box's clock is from this computer's. Units: ms */
  aheadMs: number;
  mirrors: readonly { link_up: boolean; counters: Record<string, number> }[];
  recorded: number;
}

export interface Kept {
  seen: readonly StepName[];
  later: readonly StepName[];
}

export interface Heard {
  linked: boolean;
  packets: number;
  signalling: number;
}

const CLOSE_MS = 2_000;

/** What all mirror ports together have heard: packets, and SIP messages among them. */
export function heard(mirrors: Seen["mirrors"]): Heard {
  const sum = (name: string): number => mirrors.reduce((all, mirror) => all + (mirror.counters[name] ?? 0), 0);
  return { linked: mirrors.some((mirror) => mirror.link_up), packets: sum("packets"), signalling: sum("sip_udp") + sum("sip_tcp") };
}

/** Each step by name. A clock that no server keeps right is good enough while it agrees with the reader's. */
export function stepStates(seen: Seen, kept: Kept): Record<StepName, StepState> {
  const reached = seen.ports.some((port) => port.managing && port.link_up && (port.addresses?.length ?? 0) > 0);
  const { linked, packets, signalling } = heard(seen.mirrors);
  const found: Record<StepName, StepState> = {
    language: kept.seen.includes("language") ? "done" : "waiting",
    password: kept.seen.includes("password") ? "done" : "waiting",
    network: reached ? "done" : "trouble",
    time: seen.synchronised || Math.abs(seen.aheadMs) < CLOSE_MS ? "done" : "trouble",
    mirror: signalling > 0 ? "done" : linked || packets > 0 ? "waiting" : "trouble",
    call: seen.recorded > 0 ? "done" : "waiting",
  };
  for (const name of kept.later) if (found[name] !== "done") found[name] = "later";
  return found;
}

/** The step behind this one, null behind the last. */
export function following(name: StepName): StepName | null {
  return STEPS[STEPS.indexOf(name) + 1] ?? null;
}

/** What is kept when somebody goes on from a step that is done, or has been agreed to, and from one that is put off. */
export function passed(kept: Kept, name: StepName, isPutOff: boolean): { seen: StepName[]; later: StepName[] } {
  const without = (names: readonly StepName[]): StepName[] => names.filter((one) => one !== name);
  return isPutOff ? { seen: without(kept.seen), later: [...without(kept.later), name] } : { seen: [...without(kept.seen), name], later: without(kept.later) };
}
