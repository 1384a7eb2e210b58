/** The shapes of `/api/v1`, as webadmin/README.md states them. Times are RFC 3339 UTC. */

export type Side = "caller" | "callee";
export const SIDES: readonly Side[] = ["caller", "callee"];
export type Role = "administrator" | "viewer";

export type Permission =
  | "open" | "self" | "home" | "live" | "listen_live" | "calls" | "play" | "download" | "settings" | "users";

export interface Session {
  first_run: boolean;
  user: { name: string; role: Role; must_change: boolean; permissions: Permission[] } | null;
  csrf_token: string;
  min_password_length: number;
  idle_timeout_min: number;
}

export interface Party {
  number?: string;
  number_raw?: string;
  display?: string;
  uri?: string;
  address?: string;
}

export interface CallEvent {
  at: string;
  kind: string;
  side?: Side | null;
  detail?: string;
}

/** A call as signalling shows it; members that hold their default are left out. */
export interface Call {
  call_id: string;
  sip_call_id: string;
  interaction_id: string;
  caller: Party;
  callee: Party;
  started_at: string;
  direction?: string;
  state?: string;
  transport?: string;
  ringing_at?: string | null;
  answered_at?: string | null;
  ended_at?: string | null;
  ended_by?: Side | null;
  status_code?: number | null;
  events?: CallEvent[];
}

export interface StreamNow {
  packets: number;
  lost: number;
  jitter_ms: number;
}
export type MediaNow = Partial<Record<Side, StreamNow>>;

export interface LiveCall {
  at: string;
  call: Call;
  codecs?: Partial<Record<Side, string>>;
  media?: MediaNow;
}

export interface MarkOf {
  code: string;
  text: string;
}

export interface Row {
  call_id: string;
  sip_call_id: string;
  interaction_id: string;
  data_type: string;
  caller: { number: string; display: string };
  callee: { number: string; display: string };
  direction: string;
  started_at: string;
  ringing_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  duration_s: number;
  state: "recorded" | "not_recorded";
  reason: string | null;
  reason_text: string | null;
  status_code: number | null;
  marks: MarkOf[];
  codecs: string[];
  packets: number;
  lost: number;
  file: string | null;
  format: string | null;
  bytes: number | null;
  sha256: string | null;
  length_s: number | null;
}

export interface CallList {
  total: number;
  page: number;
  page_size: number;
  calls: Row[];
}

export interface Track {
  side: Side;
  codec: string;
  ssrc: number;
  source: string;
  destination: string;
  packets: number;
  lost: number;
  duplicates: number;
  reordered: number;
  jitter_ms: number;
  payload_sha256: string;
  first_at: string;
  last_at: string;
  decoded: boolean;
}

export interface Manifest {
  call: Call;
  interface?: string;
}

export interface CallDetail extends Row {
  manifest: Manifest;
  tracks: Track[];
  events: CallEvent[];
  recording: { starts_at: string; sample_rate_hz: number; channels: number } | null;
  bundle_available: boolean;
  legs: Row[];
}

export interface LadderMessage {
  at: string;
  source: string;
  destination: string;
  transport: string;
  label: string;
  cseq?: string;
  has_sdp?: boolean;
  raw?: string | null;
}

export interface ProgramState {
  name: string;
  alive: boolean;
  status?: string;
  started_at?: string | null;
  facts?: Record<string, number | string>;
}

export interface Intake {
  interface: string;
  link_up: boolean;
  counters: Record<string, number>;
  at: string;
}

export interface Queue {
  ready?: number;
  working?: number;
  quarantined?: number;
  oldest_s?: number;
  at?: string;
}

export interface Condition {
  code: string;
  severity?: string;
  title: string;
  remedy: string;
  facts?: Record<string, number | string>;
  at: string;
}

export interface Home {
  calls_today: number;
  recordings_today: number;
  not_recorded_today: number;
  live_now: number;
  per_hour: { hour: number; calls: number; recordings: number }[];
  per_day: { date: string; calls: number; recordings: number; bytes: number }[];
  storage: {
    total_bytes: number;
    free_bytes: number;
    archive_bytes: number;
    bytes_per_day: number | null;
    days_left: number | null;
  };
  reasons_today: Record<string, number>;
  programs: ProgramState[];
  intake: Intake[];
  queue: Queue | null;
  conditions: Condition[];
}

export interface Why {
  verdict: string;
  explanation: string;
  calls: (Row & { sentence: string })[];
  intake_note: string | null;
}

export interface User {
  id: number;
  name: string;
  role: Role;
  must_change: boolean;
  created_at: string;
  last_sign_in_at: string | null;
  sessions: number;
}

export interface UserWithPassword {
  user: User;
  one_time_password: string;
}
