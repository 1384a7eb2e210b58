/** What people may do to the recording of a live call: buttons, keys, and what asks first. Pure. */
import type { IconName } from "@/parts/icons";

export type Verb = "start" | "pause" | "resume" | "stop" | "keep" | "discard";
export type ControlState = "excluded" | "idle" | "recording" | "paused" | "stopped" | "discarded";

export const VERB_ICON: Readonly<Record<Verb, IconName>> = {
  start: "record",
  pause: "pause",
  resume: "record",
  stop: "stop",
  keep: "bookmark",
  discard: "trash",
};

/** A chip's colour for each state of a recording. */
export const STATE_TONE: Readonly<Record<ControlState, string>> = {
  excluded: "",
  idle: "accent",
  recording: "rec",
  paused: "warn",
  stopped: "",
  discarded: "bad",
};

/** Orders that cannot be taken back are asked about; a discard must be given a reason. */
export const ASKS_FIRST: ReadonlySet<Verb> = new Set(["stop", "discard"]);
export const NEEDS_REASON: ReadonlySet<Verb> = new Set(["discard"]);

const KEYS: Readonly<Record<string, readonly Verb[]>> = {
  r: ["start", "resume"],
  p: ["pause", "resume"],
  s: ["stop"],
  b: ["keep"],
  x: ["discard"],
};

/** The order that a key stands for on a call, when the call would obey it. */
export function verbOfKey(key: string, allowed: readonly Verb[]): Verb | null {
  return KEYS[key]?.find((verb) => allowed.includes(verb)) ?? null;
}
