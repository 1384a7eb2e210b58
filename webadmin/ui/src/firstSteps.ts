/** How far a new recorder has been led through its first steps, as the box remembers it. */
import { get, put } from "@/api/client";
import type { FirstStepsState } from "@/api/types";
import { loadSession, user } from "@/session";

export function fetchSteps(signal?: AbortSignal): Promise<FirstStepsState> {
  return get<FirstStepsState>("first-steps", {}, signal);
}

/** Write it down; whoever is signed in hears at once whether they are still open. */
export async function keepSteps(state: FirstStepsState): Promise<FirstStepsState> {
  const { is_open, step, seen, later } = state;
  const kept = await put<FirstStepsState>("first-steps", { is_open, step, seen, later });
  if (user.value && user.value.first_steps !== kept.is_open) await loadSession();
  return kept;
}
