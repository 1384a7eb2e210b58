/** What the event stream says and how it changes what the page knows. Pure. */
import type { Condition, Intake, LiveCall, MediaNow, ProgramState, Queue } from "@/api/types";

/** One check's finding; a raised one is a condition. */
export interface Health extends Condition {
  check: string;
  raised: boolean;
}

export type News =
  | {
      t: "hello";
      calls: LiveCall[];
      media: Record<string, MediaNow>;
      programs: ProgramState[];
      intake: Intake[];
      queue: Queue | null;
      health: Health[];
    }
  | { t: "call"; call: LiveCall }
  | { t: "gone"; call_id: string }
  | { t: "media"; calls: Record<string, MediaNow> }
  | { t: "devices" }
  | { t: "indexed"; call_id: string; recorded: boolean }
  | ({ t: "program" } & ProgramState)
  | ({ t: "intake" } & Intake)
  | ({ t: "queue" } & Queue)
  | ({ t: "health" } & Health);

export interface Live {
  connected: boolean;
  /** False until the first `hello`: an empty list is then ignorance, not silence. */
  known: boolean;
  calls: Map<string, LiveCall>;
  programs: Map<string, ProgramState>;
  intake: Map<string, Intake>;
  queue: Queue | null;
  /** Check → what it found wrong. */
  conditions: Map<string, Condition>;
  /** Calls that reached the index since the page was opened, newest last, at most 100. */
  indexed: { call_id: string; recorded: boolean }[];
  indexedCount: number;
  /** Counts how often something was plugged in or pulled out while the page was open. */
  devicesCount: number;
}

export function emptyLive(): Live {
  return {
    connected: false,
    known: false,
    calls: new Map(),
    programs: new Map(),
    intake: new Map(),
    queue: null,
    conditions: new Map(),
    indexed: [],
    indexedCount: 0,
    devicesCount: 0,
  };
}

/** Apply one piece of news. Unknown kinds are left alone: an older page must survive a newer backend. */
export function apply(live: Live, news: News): void {
  switch (news.t) {
    case "hello":
      live.known = true;
      live.calls = new Map(
        news.calls.map((call) => [call.call.call_id, { ...call, media: news.media[call.call.call_id] ?? {} }]),
      );
      live.programs = new Map(news.programs.map((program) => [program.name, program]));
      live.intake = new Map(news.intake.map((intake) => [intake.interface, intake]));
      live.conditions = new Map(news.health.filter((one) => one.raised).map((one) => [one.check, one]));
      live.queue = news.queue;
      break;
    case "call": {
      const media = news.call.media ?? live.calls.get(news.call.call.call_id)?.media;
      live.calls.set(news.call.call.call_id, media ? { ...news.call, media } : news.call);
      break;
    }
    case "gone":
      live.calls.delete(news.call_id);
      break;
    case "media":
      for (const [callId, media] of Object.entries(news.calls)) {
        const call = live.calls.get(callId);
        if (call) call.media = { ...call.media, ...media };
      }
      break;
    case "indexed":
      live.indexed = [...live.indexed.slice(-99), { call_id: news.call_id, recorded: news.recorded }];
      live.indexedCount += 1;
      break;
    case "devices":
      live.devicesCount += 1;
      break;
    case "program":
      live.programs.set(news.name, news);
      break;
    case "intake":
      live.intake.set(news.interface, news);
      break;
    case "queue":
      live.queue = news;
      break;
    case "health":
      if (news.raised) live.conditions.set(news.check, news);
      else live.conditions.delete(news.check);
      break;
  }
}
