/** Playing one recording: an <audio> element with range requests, both sides through a mixer. One for the page. */
import { computed, markRaw, reactive } from "vue";

import { address, getBytes } from "@/api/client";
import type { Row, Side } from "@/api/types";
import { makeSideMixer, type SideMixer } from "@/live/sides";
import { stopListening } from "@/live/listen";
import { readPeaks, type Peaks } from "@/pure/peaks";
import { stepped } from "@/pure/queue";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3] as const;
export const STEP_S = 2;

export const player = reactive({
  row: null as Row | null,
  playing: false,
  waiting: false,
  position_s: 0,
  total_s: 0,
  rate: 1,
  volume: 1,
  muted: false,
  heard: { caller: true, callee: true } as Record<Side, boolean>,
  hidden: false,
  error: false,
  peaks: null as Peaks | null,
  peaksMissing: false,
});

/** Recordings that follow one another; empty when only one is played. `at` is the one that is open. */
export const queue = reactive({ rows: [] as Row[], at: 0 });

export const progress = computed(() => (player.total_s > 0 ? Math.min(1, player.position_s / player.total_s) : 0));

let audio: HTMLAudioElement | null = null;
let context: AudioContext | null = null;
let mixer: SideMixer | null = null;
let frame: number | undefined;
let converted = false;
let fetching: AbortController | null = null;

function tick(): void {
  if (audio) player.position_s = audio.currentTime;
  frame = player.playing ? requestAnimationFrame(tick) : undefined;
}

function element(): HTMLAudioElement {
  if (audio) return audio;
  const made = new Audio();
  audio = made;
  made.preload = "auto";
  made.preservesPitch = true;
  made.addEventListener("play", () => {
    player.playing = true;
    frame ??= requestAnimationFrame(tick);
  });
  made.addEventListener("pause", () => {
    player.playing = false;
    player.position_s = made.currentTime;
  });
  made.addEventListener("seeked", () => (player.position_s = made.currentTime));
  made.addEventListener("waiting", () => (player.waiting = true));
  made.addEventListener("playing", () => (player.waiting = false));
  made.addEventListener("canplay", () => (player.waiting = false));
  made.addEventListener("durationchange", () => {
    if (Number.isFinite(made.duration)) player.total_s = made.duration;
  });
  made.addEventListener("ended", () => step(1));
  made.addEventListener("error", onError);
  return made;
}

/** A browser that cannot play the archive's format is given PCM, once. */
function onError(): void {
  if (!player.row || !audio?.getAttribute("src")) return;
  if (converted) {
    player.error = true;
    player.waiting = false;
    player.playing = false;
    return;
  }
  converted = true;
  const at = player.position_s;
  audio.src = address(`calls/${player.row.call_id}/audio`, { format: "wav_pcm" });
  audio.currentTime = at;
  start();
}

function start(): void {
  const playing = element();
  playing.playbackRate = player.rate;
  playing.defaultPlaybackRate = player.rate;
  // Refused before the first click, and interrupted by the next load: both leave the player paused, as it shows.
  playing.play().catch(() => (player.playing = false));
}

function connect(): void {
  if (!context) {
    context = markRaw(new AudioContext());
    mixer = makeSideMixer(context);
    context.createMediaElementSource(element()).connect(mixer.input);
    mixer.hear(player.heard.caller, player.heard.callee);
  }
  void context.resume();
}

async function loadPeaks(callId: string): Promise<void> {
  fetching?.abort();
  fetching = new AbortController();
  player.peaks = null;
  player.peaksMissing = false;
  try {
    const peaks = readPeaks(await getBytes(`calls/${callId}/peaks`, fetching.signal));
    if (player.row?.call_id === callId) player.peaks = markRaw(peaks);
  } catch {
    // Without a waveform the recording still plays; the player says that there is none.
    if (player.row?.call_id === callId) player.peaksMissing = true;
  }
}

/** Open a recording and play it; from a click or a key. */
export function play(row: Row): void {
  if (player.row?.call_id === row.call_id && !player.error) {
    toggle();
    return;
  }
  const at = queue.rows.findIndex((one) => one.call_id === row.call_id);
  if (at < 0) queue.rows = [];
  queue.at = Math.max(0, at);
  open(row);
}

/** Play several recordings one after the other, from the first. */
export function playAll(rows: Row[]): void {
  const first = rows[0];
  if (!first) return;
  Object.assign(queue, { rows: rows.length > 1 ? [...rows] : [], at: 0 });
  open(first);
}

/** To the next recording of the queue (1) or the previous one (−1); nothing beyond its ends. */
export function step(by: 1 | -1): void {
  const to = stepped(queue.at, by, queue.rows.length);
  const row = to === null ? undefined : queue.rows[to];
  if (to === null || !row) return;
  queue.at = to;
  open(row);
}

function open(row: Row): void {
  stopListening();
  const playing = element();
  converted = false;
  Object.assign(player, { row, error: false, waiting: true, position_s: 0, total_s: row.length_s ?? 0 });
  playing.src = address(`calls/${row.call_id}/audio`);
  connect();
  start();
  void loadPeaks(row.call_id);
}

export function toggle(): void {
  if (!player.row || player.error) return;
  if (player.playing) {
    element().pause();
    return;
  }
  stopListening();
  connect();
  start();
}

export function pause(): void {
  audio?.pause();
}

export function seek(position_s: number): void {
  if (!player.row) return;
  const to = Math.min(Math.max(0, position_s), Math.max(0, player.total_s - 0.05));
  element().currentTime = to;
  player.position_s = to;
}

export function skip(seconds: number): void {
  seek(player.position_s + seconds);
}

export function setRate(rate: number): void {
  player.rate = rate;
  element().playbackRate = rate;
}

/** The next speed up (1) or down (−1). */
export function changeRate(by: 1 | -1): void {
  const at = RATES.findIndex((rate) => rate >= player.rate);
  setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + by))] ?? 1);
}

export function setVolume(volume: number): void {
  player.volume = volume;
  player.muted = false;
  element().volume = volume;
  element().muted = false;
}

export function toggleMute(): void {
  player.muted = !player.muted;
  element().muted = player.muted;
}

export function setHeard(caller: boolean, callee: boolean): void {
  player.heard.caller = caller;
  player.heard.callee = callee;
  mixer?.hear(caller, callee);
}

export function toggleSide(side: Side): void {
  const { caller, callee } = player.heard;
  if (side === "caller") setHeard(!caller, callee);
  else setHeard(caller, !callee);
}

export function closePlayer(): void {
  fetching?.abort();
  if (audio) {
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  }
  Object.assign(queue, { rows: [], at: 0 });
  Object.assign(player, { row: null, playing: false, waiting: false, position_s: 0, total_s: 0, peaks: null });
}
