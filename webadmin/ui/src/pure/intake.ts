/** What a mirror port's counters mean to a reader; their names are the engine's (drivers/engine/README.md). Pure. */

type Counters = Record<string, number>;

const SHOWN = { packets: ["packets"], rtp: ["rtp"], sip: ["sip_udp", "sip_tcp"] } as const;

/** Counters that mean: something was there to be recorded and was not taken. */
const LOST = [
  "kernel_drops", "hold_overflow", "flow_overflow", "tcp_overflow", "message_overflow", "event_overflow",
  "write_errors", "disk_full_packets",
] as const;

function sum(counters: Counters, names: readonly string[]): number {
  return names.reduce((total, name) => total + (counters[name] ?? 0), 0);
}

export function counted(counters: Counters, what: keyof typeof SHOWN): number {
  return sum(counters, SHOWN[what]);
}

export function drops(counters: Counters): number {
  return sum(counters, LOST);
}
