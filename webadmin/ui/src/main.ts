/** Start: language and session first, so that the first picture is the right one. */
import "@/styles/element";
import "@/styles/theme.css";
import "@/styles/base.css";
import "@/styles/parts.css";
import "@/styles/print.css";

import { createApp, watch } from "vue";

import App from "@/App.vue";
import { follow, unfollow } from "@/live";
import { stopListening } from "@/live/listen";
import { closePlayer } from "@/player";
import { router } from "@/router";
import { loadSession, may, user } from "@/session";
import { loadTexts } from "@/text";
import "@/theme";

const FIRST_WAIT_MS = 1000;

async function start(): Promise<void> {
  try {
    await Promise.all([loadTexts(), loadSession()]);
  } catch {
    // The backend may be starting: the page has no words of its own, so it waits for them.
    window.setTimeout(() => void start(), FIRST_WAIT_MS);
    return;
  }
  watch(
    user,
    (now, before) => {
      if (now) {
        // Whoever may not see live calls hears no news: without this the page would seek the line for ever.
        if (may("live")) follow();
        else unfollow();
      } else {
        unfollow();
        stopListening();
        closePlayer();
        if (before) void router.replace({ name: "login", query: { next: router.currentRoute.value.fullPath } });
      }
    },
    { immediate: true },
  );
  createApp(App).use(router).mount("#app");
}

void start();
