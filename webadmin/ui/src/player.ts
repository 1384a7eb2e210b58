/** Playing one recording: an <audio> element with range requests, both sides through a mixer. One for the page. */
import { computed, markRaw, reactive } from "vue";

import { address, get, getBytes } from "@/api/client";
import type { Annotations, CallDetail, Row, Side } from "@/api/types";
import { makeSideMixer, type SideMixer } from "@/live/sides";
import { stopListening } from "@/live/listen";
import { readPeaks, type Peaks } from "@/pure/peaks";
import { stepped } from "@/pure/queue";
import { timeMarks } from "@/pure/timeMarks";
import { following, isWhole, moved, regionOf, zoomed, type View } from "@/pure/view";
import { reviewed } from "@/reviewed";
import { asksConfirmation, awaits } from "@/session";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3] as const;
export const STEP_S = 2;

/** Where sound and waveform come from: a call of the ledger, or a link that was opened. */
export interface Source {
  audio: (query?: Record<string, string | number>) => string;
  peaks: string;
  peaksQuery: Record<string, string>;
  isShared: boolean;
}

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
  /** Below 0 the callee is softer, above 0 the caller. */
  balance: 0,
  view: { from: 0, to: 0 } as View,
  region: null as View | null,
  loop: false,
  /** A finer waveform of what is shown when the view is closer than the peaks file. */
  fine: null as { peaks: Peaks; view: View } | null,
  detail: null as CallDetail | null,
  annotations: null as Annotations | null,
  isShared: false,
});

export const marks = computed(() => timeMarks(player.detail, player.annotations, player.peaks));

/** Recordings that follow one another; empty when only one is played. `at` is the one that is open. */
export const queue = reactive({ rows: [] as Row[], at: 0, goesOn: true });

export const progress = computed(() => (player.total_s > 0 ? Math.min(1, player.position_s / player.total_s) : 0));

let audio: HTMLAudioElement | null = null;
let context: AudioContext | null = null;
let mixer: SideMixer | null = null;
let frame: number | undefined;
let converted = false;
let fetching: AbortController | null = null;
let source: Source | null = null;
let finer: number | undefined;

const PEAKS_A_SECOND = 50;
const FINE_COLUMNS = 1500;
const FINE_WAIT_MS = 120;
const REMEMBERED = "tapeline.positions";
const MOST_REMEMBERED = 50;
const NEAR_END_S = 3;

function remembered(): Record<string, number> {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}") as Record<string, number>;
  } catch {
    return {}; // Something else wrote there; positions are a comfort, not a record.
  }
}

/** Keep where a recording was left, so that it goes on there when it is opened again. */
function remember(): void {
  if (!player.row || player.isShared) return;
  const id = player.row.call_id;
  const kept = Object.entries(remembered()).filter(([other]) => other !== id).slice(-MOST_REMEMBERED);
  const ended = player.position_s > player.total_s - NEAR_END_S;
  if (!ended && player.position_s > 1) kept.push([id, player.position_s]);
  sessionStorage.setItem(REMEMBERED, JSON.stringify(Object.fromEntries(kept)));
}

function ofCall(callId: string): Source {
  const path = `calls/${callId}`;
  return { audio: (query = {}) => address(`${path}/audio`, query), peaks: `${path}/peaks`, peaksQuery: {}, isShared: false };
}

function tick(): void {
  if (audio) player.position_s = audio.currentTime;
  const { region, loop } = player;
  if (audio && loop && region && player.playing && player.position_s >= region.to) audio.currentTime = region.from;
  if (player.playing && !isWhole(player.view, player.total_s)) {
    const next = following(player.view, player.position_s, player.total_s);
    if (next !== player.view) show(next);
  }
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
    if (!Number.isFinite(made.duration)) return;
    const wasWhole = isWhole(player.view, player.total_s);
    player.total_s = made.duration;
    if (wasWhole) player.view = { from: 0, to: made.duration };
  });
  made.addEventListener("ended", () => {
    if (player.loop && player.region) {
      seek(player.region.from);
      start();
    } else if (queue.goesOn) step(1);
  });
  made.addEventListener("error", onError);
  return made;
}

/** A browser that cannot play the archive's format is given PCM, once. */
function onError(): void {
  if (!player.row || !source || !audio?.getAttribute("src")) return;
  if (converted || source.isShared) {
    player.error = true;
    player.waiting = false;
    player.playing = false;
    return;
  }
  converted = true;
  const at = player.position_s;
  audio.src = source.audio({ format: "wav_pcm" });
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
    mixer.hear(player.heard.caller, player.heard.callee, player.balance);
  }
  void context.resume();
}

async function loadPeaks(callId: string, from: Source): Promise<void> {
  fetching?.abort();
  fetching = new AbortController();
  player.peaks = null;
  player.peaksMissing = false;
  try {
    const peaks = readPeaks(await getBytes(from.peaks, fetching.signal, from.peaksQuery));
    if (player.row?.call_id === callId) player.peaks = markRaw(peaks);
  } catch {
    // Without a waveform the recording still plays; the player says that there is none.
    if (player.row?.call_id === callId) player.peaksMissing = true;
  }
}

/** What else is known of the call: its events and what people have put on it. Without it the player still plays. */
export async function loadDetail(callId: string): Promise<void> {
  const [detail, annotations] = await Promise.allSettled([
    get<CallDetail>(`calls/${callId}`),
    get<Annotations>(`calls/${callId}/annotations`),
  ]);
  if (player.row?.call_id !== callId) return;
  if (detail.status === "fulfilled") player.detail = markRaw(detail.value);
  if (annotations.status === "fulfilled") {
    player.annotations = annotations.value;
    reviewed.set(callId, annotations.value.reviewed);
  }
}

/** Open a recording and play it; from a click or a key. `list`: the calls around it, for next and previous. */
export function play(row: Row, list: readonly Row[] = []): void {
  if (player.row?.call_id === row.call_id && !player.error) {
    toggle();
    return;
  }
  const playable = list.filter((one) => one.state === "recorded");
  if (playable.length > 1) Object.assign(queue, { rows: playable, goesOn: false });
  const at = queue.rows.findIndex((one) => one.call_id === row.call_id);
  if (at < 0) queue.rows = [];
  queue.at = Math.max(0, at);
  open(row);
}

/** Open what a link shows. */
export function playShared(row: Row, from: Source): void {
  queue.rows = [];
  open(row, from);
}

/** Play several recordings one after the other, from the first. */
export function playAll(rows: Row[]): void {
  const first = rows[0];
  if (!first) return;
  Object.assign(queue, { rows: rows.length > 1 ? [...rows] : [], at: 0, goesOn: true });
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

function open(row: Row, from: Source = ofCall(row.call_id)): void {
  if (!from.isShared && awaits("play")) {
    asksConfirmation.value = true;
    return;
  }
  stopListening();
  remember();
  const playing = element();
  converted = false;
  source = from;
  const total = row.length_s ?? 0;
  Object.assign(player, {
    row, error: false, waiting: true, position_s: 0, total_s: total, view: { from: 0, to: total }, region: null,
    loop: false, fine: null, detail: null, annotations: null, isShared: from.isShared,
  });
  playing.src = from.audio();
  const left = from.isShared ? 0 : (remembered()[row.call_id] ?? 0);
  if (left > 0 && left < total) {
    playing.currentTime = left;
    player.position_s = left;
  }
  connect();
  start();
  void loadPeaks(row.call_id, from);
  if (!from.isShared) void loadDetail(row.call_id);
}

/** Show these seconds; a finer waveform is fetched when the view is closer than the file's. */
export function show(view: View): void {
  player.view = view;
  window.clearTimeout(finer);
  const span = view.to - view.from;
  const covered = player.fine && player.fine.view.from <= view.from && player.fine.view.to >= view.to && span > (player.fine.view.to - player.fine.view.from) / 4;
  if (!source || source.isShared || covered || span * PEAKS_A_SECOND >= FINE_COLUMNS / 2) return;
  finer = window.setTimeout(() => void loadFine(view), FINE_WAIT_MS);
}

async function loadFine(view: View): Promise<void> {
  const callId = player.row?.call_id;
  if (!source || !callId) return;
  const span = view.to - view.from;
  const wide = { from: Math.max(0, view.from - span / 2), to: Math.min(player.total_s, view.to + span / 2) };
  try {
    const query = { from: wide.from.toFixed(4), to: wide.to.toFixed(4), peaks: 2 * FINE_COLUMNS };
    const peaks = readPeaks(await getBytes(source.peaks, undefined, query));
    if (player.row?.call_id === callId) player.fine = markRaw({ peaks, view: wide });
  } catch {
    // The coarser waveform stays.
  }
}

/** Closer (below 1) or farther around a second of the recording; around the position when none is given. */
export function zoom(factor: number, at?: number): void {
  const { view, position_s: position, total_s: total } = player;
  const middle = position >= view.from && position <= view.to ? position : (view.from + view.to) / 2;
  show(zoomed(view, factor, at ?? middle, total));
}

export function showAll(): void {
  show({ from: 0, to: player.total_s });
}

export function pan(seconds: number): void {
  show(moved(player.view, seconds, player.total_s));
}

export function select(one: number, other: number): void {
  player.region = regionOf(one, other, player.total_s);
  if (!player.region) player.loop = false;
}

export function clearRegion(): void {
  Object.assign(player, { region: null, loop: false });
}

/** One end of the region is where the recording is now; the other stays, or is the recording's own. */
export function setEnd(end: "from" | "to"): void {
  const { region, position_s: now, total_s: total } = player;
  if (end === "from") select(now, region && region.to > now ? region.to : total);
  else select(region && region.from < now ? region.from : 0, now);
}

export function toggleLoop(): void {
  if (!player.region) return;
  player.loop = !player.loop;
  if (player.loop && (player.position_s < player.region.from || player.position_s > player.region.to)) seek(player.region.from);
}

/** The address that saves the region, or the whole recording without one. */
export function exportAddress(query: Record<string, string>): string {
  const { region } = player;
  const part: Record<string, string> = region ? { from: region.from.toFixed(3), to: region.to.toFixed(3) } : {};
  return source ? source.audio({ download: 1, ...part, ...query }) : "";
}

export function setBalance(balance: number): void {
  player.balance = balance;
  mixer?.hear(player.heard.caller, player.heard.callee, balance);
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
  mixer?.hear(caller, callee, player.balance);
}

export function toggleSide(side: Side): void {
  const { caller, callee } = player.heard;
  if (side === "caller") setHeard(!caller, callee);
  else setHeard(caller, !callee);
}

export function closePlayer(): void {
  remember();
  window.clearTimeout(finer);
  fetching?.abort();
  if (audio) {
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  }
  Object.assign(queue, { rows: [], at: 0 });
  Object.assign(player, { row: null, playing: false, waiting: false, position_s: 0, total_s: 0, peaks: null });
  Object.assign(player, { view: { from: 0, to: 0 }, region: null, loop: false, fine: null, detail: null, annotations: null, isShared: false });
}
