/** The tour through the main pages: where it is, and that the server remembers it. */
import { ref } from "vue";

import { get, put } from "@/api/client";
import { PAGES } from "@/pages";
import { router } from "@/router";
import { may, user } from "@/session";
import type { TextKey } from "@/text";

export interface Step {
  page: string;
  text: TextKey;
}

const STEPS: readonly Step[] = [
  { page: "home", text: "tour.home" },
  { page: "calls", text: "tour.calls" },
  { page: "calls", text: "tour.player" },
  { page: "live", text: "tour.live" },
  { page: "rules", text: "tour.rules" },
  { page: "alarms", text: "tour.alarms" },
];

interface Kept {
  step: number;
  begun: boolean;
  done: boolean;
}

/** Where the tour stands; null while it is not shown. */
export const tourAt = ref<number | null>(null);
const kept = ref<Kept>({ step: 0, begun: false, done: false });

/** The steps whose pages the reader may see. */
export function steps(): readonly Step[] {
  return STEPS.filter((step) => {
    const page = PAGES.find((one) => one.name === step.page);
    return page?.who && may(page.who) && (!page.ofBox || user.value?.sees_box);
  });
}

/** Whether there is a tour to go on with. */
export const isBegun = (): boolean => !kept.value.done && kept.value.step > 0;

function keep(now: Kept): void {
  kept.value = now;
  // Whoever looks as somebody else leaves no trace with that person; a tour that cannot be remembered is shown again.
  if (!user.value?.looker) void put<Kept>("preferences/tour", now).catch(() => undefined);
}

/** Offer the tour to an administrator who was never asked. */
export async function offerTour(): Promise<void> {
  if (!user.value || user.value.looker || !may("settings") || user.value.must_change || user.value.must_enrol || user.value.first_steps) return;
  try {
    kept.value = await get<Kept>("preferences/tour");
  } catch {
    return; // The pages are there without it.
  }
  if (!kept.value.begun && !kept.value.done) await goTo(0);
}

export async function startTour(): Promise<void> {
  await goTo(kept.value.done || kept.value.step >= steps().length ? 0 : kept.value.step);
}

export async function goTo(at: number): Promise<void> {
  const step = steps()[at];
  if (!step) {
    endTour(true);
    return;
  }
  tourAt.value = at;
  keep({ step: at, begun: true, done: false });
  if (router.currentRoute.value.name !== step.page) await router.push({ name: step.page });
}

/** Close it: for good, or to go on later where it was left. */
export function endTour(forGood: boolean): void {
  const at = tourAt.value ?? 0;
  tourAt.value = null;
  keep({ step: at, begun: true, done: forGood });
}
