/** Fetching what a page shows: the newest request wins, the old content stays until the new one is here. */
import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";

import { away } from "@/live";
import { advice } from "@/parts/problem";

const NOBODY_ANSWERED = 0;

export interface Loading<Content> {
  content: ShallowRef<Content | null>;
  busy: Ref<boolean>;
  problem: Ref<string>;
  status: Ref<number | null>;
  load: () => Promise<void>;
}

export function useLoading<Content>(fetcher: (signal: AbortSignal) => Promise<Content>): Loading<Content> {
  const content = shallowRef<Content | null>(null);
  const busy = ref(false);
  const problem = ref("");
  const status = ref<number | null>(null);
  let running: AbortController | null = null;

  async function load(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    busy.value = true;
    try {
      const found = await fetcher(mine.signal);
      if (running !== mine) return;
      content.value = found;
      problem.value = "";
      status.value = null;
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = advice(error);
      status.value = (error as { status?: number }).status ?? null;
    } finally {
      if (running === mine) {
        busy.value = false;
        running = null;
      }
    }
  }

  // What could not be had while the recorder was away is fetched as soon as it is back.
  watch(away, (isAway) => {
    if (!isAway && status.value === NOBODY_ANSWERED) void load();
  });
  onBeforeUnmount(() => running?.abort());
  return { content, busy, problem, status, load };
}
