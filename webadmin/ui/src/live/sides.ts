/** Two voices to two ears: each side can be silenced, and a side that is alone is heard in both ears. */
import type { Side } from "@/api/types";

export interface SideMixer {
  input: AudioNode;
  /** `balance` −1…1: negative lowers the callee, positive the caller. */
  hear: (caller: boolean, callee: boolean, balance?: number) => void;
  volume: (value: number) => void;
}

/** Gains for [caller→left, caller→right, callee→left, callee→right]. */
export function gains(caller: boolean, callee: boolean, balance = 0): [number, number, number, number] {
  if (caller && callee) return [Math.min(1, 1 - balance), 0, 0, Math.min(1, 1 + balance)];
  if (caller) return [1, 1, 0, 0];
  if (callee) return [0, 0, 1, 1];
  return [0, 0, 0, 0];
}

/** Short enough not to be noticed, long enough not to click. */
const RAMP_S = 0.015;

export function makeSideMixer(context: AudioContext): SideMixer {
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  const output = context.createGain();
  const paths = ([0, 0, 1, 1] as const).map((from, index) => {
    const gain = context.createGain();
    splitter.connect(gain, from).connect(merger, 0, index % 2);
    return gain;
  });
  merger.connect(output).connect(context.destination);
  const mixer: SideMixer = {
    input: splitter,
    hear(caller, callee, balance = 0) {
      gains(caller, callee, balance).forEach((value, index) => {
        paths[index]?.gain.setTargetAtTime(value, context.currentTime, RAMP_S);
      });
    },
    volume(value) {
      output.gain.setTargetAtTime(value, context.currentTime, RAMP_S);
    },
  };
  gains(true, true).forEach((value, index) => {
    const path = paths[index];
    if (path) path.gain.value = value;
  });
  return mixer;
}

export const SIDE_CHANNEL: Record<Side, 0 | 1> = { caller: 0, callee: 1 };
