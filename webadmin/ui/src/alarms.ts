/** How many alarms wait for an answer: for the menu, asked anew when a condition changes. */
import { ref, watch } from "vue";

import { get } from "@/api/client";
import type { AlarmCounts } from "@/api/types";
import { live } from "@/live";
import { may, user } from "@/session";

export const waitingAlarms = ref(0);

/** The watchdog tells of a condition a moment before the alarm is written down. */
const BEHIND_MS = 3000;
const AGAIN_MS = 60_000;
let timer: number | undefined;

export async function countAlarms(): Promise<void> {
  window.clearTimeout(timer);
  if (!user.value?.sees_box || !may("alarms")) {
    waitingAlarms.value = 0;
    return;
  }
  timer = window.setTimeout(() => void countAlarms(), AGAIN_MS);
  try {
    const counts = await get<AlarmCounts>("alarms/count");
    waitingAlarms.value = counts.active - counts.snoozed;
  } catch {
    // The last number stays; the next minute asks again.
  }
}

watch(() => user.value?.name, () => void countAlarms(), { immediate: true });
watch(
  () => [...live.conditions.keys()].join(),
  () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void countAlarms(), BEHIND_MS);
  },
);
