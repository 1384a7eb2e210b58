/** The figures of a mirror port: rates from counters that only grow, and how good or bad each is. Pure. */

type Counters = Readonly<Record<string, number>>;

export interface Sample {
  /** Milliseconds since the epoch. */
  at: number;
  counters: Counters;
}

export type Figure = "packets" | "mbit" | "sip" | "audio" | "unbound" | "drops" | "held" | "calls";

/** What a figure is made of: the growth of counters a second, or the value of one that is a state. */
const MADE: Readonly<Record<Figure, { names: readonly string[]; factor: number; state: boolean }>> = {
  packets: { names: ["packets"], factor: 1, state: false },
  mbit: { names: ["bytes"], factor: 8e-6, state: false },
  sip: { names: ["sip_udp", "sip_tcp"], factor: 1, state: false },
  audio: { names: ["rtp"], factor: 1, state: false },
  unbound: { names: ["rtp_unbound"], factor: 1, state: false },
  drops: { names: ["kernel_drops"], factor: 1, state: false },
  held: { names: ["held_now"], factor: 1, state: true },
  calls: { names: ["bundles_now"], factor: 1, state: true },
};

export const KEPT_MS = 300_000;
/** Two looks further apart than this say nothing of what was between. */
const GAP_MS = 15_000;

export interface Reading {
  at: number;
  /** Null after a pause in the news, or when the recorder began to count anew. */
  value: number | null;
}

/** A figure over time, one reading a sample; the first sample of a growing counter has no rate yet. */
export function readings(samples: readonly Sample[], figure: Figure): Reading[] {
  const { names, factor, state } = MADE[figure];
  const sum = (counters: Counters): number => names.reduce((total, name) => total + (counters[name] ?? 0), 0);
  return samples.flatMap((sample, index) => {
    if (state) return [{ at: sample.at, value: sum(sample.counters) * factor }];
    const before = samples[index - 1];
    if (!before) return [];
    const seconds = (sample.at - before.at) / 1000;
    const growth = sum(sample.counters) - sum(before.counters);
    const isKnown = growth >= 0 && seconds > 0 && seconds * 1000 <= GAP_MS;
    return [{ at: sample.at, value: isKnown ? (growth / seconds) * factor : null }];
  });
}

/** Add a look; those older than five minutes go, and a clock that was set back leaves no future behind. */
export function remember(samples: readonly Sample[], sample: Sample): Sample[] {
  const before = samples.filter((one) => one.at < sample.at && one.at >= sample.at - KEPT_MS);
  return [...before, sample];
}

/** The columns of `GET mirror` as samples. */
export function fromColumns(at: readonly string[], columns: Readonly<Record<string, readonly number[]>>): Sample[] {
  return at.map((moment, index) => ({
    at: Date.parse(moment),
    counters: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[index] ?? 0])),
  }));
}

export type Tone = "good" | "warn" | "bad" | "";

/** Counters whose growth means that something was lost or could not be read; the others are only facts. */
const BAD = new Set([
  "kernel_drops", "ring_freezes", "hold_overflow", "flow_overflow", "tcp_overflow", "message_overflow",
  "event_overflow", "attempts_lost", "write_errors", "write_overflow", "disk_full_packets", "fragments_overflow",
]);
const DOUBTFUL = new Set(["bad_packets", "snapped", "fragments_refused", "fragments_incomplete", "tunnel_too_deep", "tcp_gaps", "rtp_unbound", "hold_expired", "sip_unsure"]);

/** How a counter stands: some doubtful ones are usual, so only a share above one in a hundred warns. */
export function tone(name: string, counters: Counters): Tone {
  const value = counters[name] ?? 0;
  if (value === 0) return "";
  if (BAD.has(name)) return "bad";
  return DOUBTFUL.has(name) && value * 100 > (counters["packets"] ?? 0) ? "warn" : "";
}

/** The groups of the table; what is in none of them is shown last under its own name. */
export const GROUPS: Readonly<Record<"port" | "calls" | "wrapped" | "telephony" | "audio" | "written", readonly string[]>> = {
  port: ["packets", "bytes", "kernel_drops", "ring_freezes", "snapped", "bad_packets", "not_ip", "deduplicated", "udp", "tcp", "kernel_received", "truncated_files"],
  calls: [
    "calls_whole_now", "calls_one_way_now", "calls_without_audio_now", "calls_without_signalling_now", "calls_losing_now", "calls_watched_now",
    "over_licence", "licensed_calls",
  ],
  wrapped: [
    "fragments", "reassembled", "fragments_refused", "fragments_incomplete", "fragments_overflow", "fragment_bytes_now", "tunnel_gre", "tunnel_erspan", "tunnel_vxlan",
    "tunnel_ip", "tunnel_pppoe", "tunnel_mpls", "tunnel_tzsp", "tunnel_hep", "tunnel_too_deep",
  ],
  telephony: [
    "sip_udp", "sip_tcp", "sip_unsure", "sip_unreadable", "sip_unjoined", "tcp_streams_now", "tcp_gaps", "tcp_overflow", "message_overflow", "event_overflow",
    "sip_skipped", "sip_outside_calls", "calls_waited", "calls_waiting_now", "attempts_lost", "events_now",
  ],
  audio: [
    "rtp", "rtcp", "rtp_unbound", "held_now", "held_bytes_now", "audio_streams_now", "held", "adopted", "hold_expired", "hold_overflow", "flows_now", "flow_overflow",
    "paused_packets", "unbindable", "after_close", "tap_drops",
  ],
  written: ["bundles_now", "written_packets", "written_bytes", "write_errors", "write_overflow", "disk_full_packets"],
};

/** Of a hundred streams of a VLAN or subnet, how many lack the other direction; null without streams. */
export function oneWayShare(net: { readonly streams: number; readonly one_way: number }): number | null {
  return net.streams ? Math.round((100 * net.one_way) / net.streams) : null;
}

export function others(counters: Counters): string[] {
  const known = new Set(Object.values(GROUPS).flat());
  return Object.keys(counters).filter((name) => !known.has(name)).sort();
}
