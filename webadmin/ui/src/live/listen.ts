/** Listening to one live call: WebSocket → samples → audio thread. At most one call at a time. */
import { reactive } from "vue";

import { socketAddress } from "@/api/client";
import { live } from "@/live";
import { level, split } from "@/live/samples";
import { makeSideMixer, type SideMixer } from "@/live/sides";
import { asksConfirmation, awaits } from "@/session";

import worklet from "./playback.worklet.ts?worker&url";

export type Ear = "both" | "caller" | "callee";
export type ListenState = "off" | "connecting" | "on" | "reconnecting" | "ended" | "refused";

export const listening = reactive({
  callId: "",
  state: "off" as ListenState,
  ear: "both" as Ear,
  volume: 1,
  levels: { caller: 0, callee: 0 },
  /** Frames received since listening began. */
  frames: 0,
});

const WAITS_MS = [300, 1000, 2000, 4000];
/** Close codes of the backend's sockets (webadmin/sockets.py). */
const CALL_ENDED = 1000;
const NOT_LIVE = 4404;
const METER_FALL = 0.92;

let context: AudioContext | null = null;
let player: AudioWorkletNode | null = null;
let mixer: SideMixer | null = null;
let socket: WebSocket | null = null;
let retry = 0;
/** Preparations run one after the other: the second is the first frame correcting the guessed rate. */
let prepared: Promise<void> = Promise.resolve();
let timer: number | undefined;
let meter: number | undefined;
const target = { caller: 0, callee: 0 };

async function prepareNow(rate: number, callId: string): Promise<void> {
  if (listening.callId !== callId || (context?.sampleRate === rate && player)) return;
  await context?.close();
  const made = new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
  context = made;
  await made.audioWorklet.addModule(worklet);
  player = new AudioWorkletNode(made, "tapeline-playback", { numberOfInputs: 0, outputChannelCount: [2] });
  mixer = makeSideMixer(made);
  player.connect(mixer.input);
  hear(listening.ear);
  setListenVolume(listening.volume);
  await made.resume();
}

function prepare(rate: number, callId: string): Promise<void> {
  prepared = prepared.then(() => prepareNow(rate, callId));
  return prepared;
}

function onFrame(data: ArrayBuffer): void {
  const [caller, callee] = split(data);
  target.caller = Math.max(target.caller, level(caller));
  target.callee = Math.max(target.callee, level(callee));
  listening.frames += 1;
  player?.port.postMessage([caller, callee], [caller.buffer, callee.buffer]);
}

function open(callId: string): void {
  const opened = new WebSocket(socketAddress(`live/${encodeURIComponent(callId)}/audio`));
  opened.binaryType = "arraybuffer";
  socket = opened;
  opened.addEventListener("message", (event: MessageEvent<string | ArrayBuffer>) => {
    if (socket !== opened) return;
    if (typeof event.data !== "string") {
      onFrame(event.data);
      return;
    }
    const format = JSON.parse(event.data) as { sample_rate_hz?: number };
    if (!format.sample_rate_hz) return;
    retry = 0;
    void prepare(format.sample_rate_hz, callId).then(() => {
      if (socket === opened) listening.state = "on";
    });
  });
  opened.addEventListener("close", (event) => {
    if (socket !== opened) return;
    socket = null;
    if (event.code === CALL_ENDED || event.code === NOT_LIVE || (live.known && !live.calls.has(callId))) {
      finish("ended");
    } else if (retry < WAITS_MS.length) {
      listening.state = retry === 0 && listening.frames === 0 ? "connecting" : "reconnecting";
      timer = window.setTimeout(() => open(callId), WAITS_MS[retry]);
      retry += 1;
    } else {
      finish("refused");
    }
  });
}

function animate(): void {
  for (const side of ["caller", "callee"] as const) {
    listening.levels[side] = Math.max(target[side], listening.levels[side] * METER_FALL);
    target[side] = 0;
  }
  meter = requestAnimationFrame(animate);
}

function finish(state: ListenState): void {
  window.clearTimeout(timer);
  if (meter !== undefined) cancelAnimationFrame(meter);
  meter = undefined;
  const closing = socket;
  socket = null;
  closing?.close(1000);
  void context?.close();
  context = null;
  player = null;
  mixer = null;
  listening.state = state;
  listening.levels.caller = 0;
  listening.levels.callee = 0;
}

/** Must be called from a click: browsers let nothing sound before one. */
export function listen(callId: string): void {
  if (awaits("listen_live")) {
    asksConfirmation.value = true;
    return;
  }
  finish("off");
  listening.callId = callId;
  listening.state = "connecting";
  listening.frames = 0;
  retry = 0;
  // Made at once, inside the click; the first frame says whether its rate was guessed right.
  void prepare(8000, callId);
  open(callId);
  animate();
}

export function stopListening(): void {
  finish("off");
  listening.callId = "";
}

export function hear(ear: Ear): void {
  listening.ear = ear;
  mixer?.hear(ear !== "callee", ear !== "caller");
}

export function setListenVolume(volume: number): void {
  listening.volume = volume;
  mixer?.volume(volume);
}
