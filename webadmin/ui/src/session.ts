/** Who is signed in, and the ways in and out. */
import { computed, ref } from "vue";

import { ApiError, csrfToken, get, post, remove, rightsChanged, secondPersonNeeded, signedOut } from "@/api/client";
import type { PasskeyOptions, Permission, SecondAsked, Session } from "@/api/types";

export const session = ref<Session | null>(null);
export const user = computed(() => session.value?.user ?? null);
export const expired = ref(false);
/** Whether the form is open in which a second person confirms. */
export const asksConfirmation = ref(false);

function keep(answer: Session): Session {
  session.value = answer;
  csrfToken.value = answer.csrf_token;
  return answer;
}

export async function loadSession(): Promise<Session> {
  return keep(await get<Session>("session"));
}

/** The second factor that is still asked for, null when one is in. */
export async function signIn(name: string, password: string): Promise<SecondAsked | null> {
  return entered(keep(await post<Session>("session", { name, password }))).second;
}

export async function giveSecond(ticket: string, answer: { code?: string; credential?: unknown }): Promise<void> {
  entered(keep(await post<Session>("session/second", { ticket, ...answer })));
}

export async function beginPasskey(): Promise<PasskeyOptions> {
  return post<PasskeyOptions>("session/passkey/options");
}

export async function signInByPasskey(ticket: string, credential: unknown): Promise<void> {
  entered(keep(await post<Session>("session/passkey", { ticket, credential })));
}

function entered(answer: Session): Session {
  if (answer.user) expired.value = false;
  return answer;
}

export async function setUp(oneTimePassword: string, name: string, password: string): Promise<void> {
  await post("setup", { one_time_password: oneTimePassword, name, password });
  await loadSession();
}

export async function signOut(): Promise<void> {
  try {
    await remove("session");
  } catch (problem) {
    // Already signed out on the other side is what was asked for.
    if (!(problem instanceof ApiError && problem.status === 401)) throw problem;
  }
  await loadSession();
}

export function may(permission: Permission): boolean {
  return user.value?.permissions.includes(permission) ?? false;
}

/** Whether a permission opens as soon as a second person has confirmed. */
export function awaits(permission: Permission): boolean {
  return user.value?.awaits.includes(permission) ?? false;
}

/** Whether the role grants it, be it with a second person only. */
export function holds(permission: Permission): boolean {
  return may(permission) || awaits(permission);
}

/** The second factor of the second person that is still asked for, null when the session is confirmed. */
export async function confirmSession(name: string, password: string): Promise<SecondAsked | null> {
  return keep(await post<Session>("session/confirmation", { name, password })).second;
}

export async function confirmSessionFurther(ticket: string, answer: { code?: string; credential?: unknown }): Promise<void> {
  keep(await post<Session>("session/confirmation/second", { ticket, ...answer }));
}

export async function endConfirmation(): Promise<void> {
  await remove("session/confirmation");
  await loadSession();
}

/** A 401 in the middle of work: forget the user, so that the frame shows the sign-in page. */
export function forget(): void {
  if (session.value?.user) {
    session.value = { ...session.value, user: null };
    expired.value = true;
  }
}
signedOut.handler = () => {
  forget();
  void loadSession().catch(() => undefined);
};
rightsChanged.handler = () => void loadSession().catch(() => undefined);
secondPersonNeeded.handler = () => {
  asksConfirmation.value = true;
  void loadSession().catch(() => undefined);
};
