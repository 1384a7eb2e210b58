/** The store of news: everything the event stream says, typed and reactive. One connection for the whole page. */
import { reactive } from "vue";

import { signedOut, socketAddress } from "@/api/client";
import { apply, emptyLive, type News } from "@/pure/news";

export const live = reactive(emptyLive());

/** Close code of a socket whose session has ended (webadmin/sockets.py). */
export const SESSION_ENDED = 4401;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
let socket: WebSocket | null = null;
let wanted = false;
let waitMs = FIRST_WAIT_MS;
let timer: number | undefined;

function open(): void {
  const opened = new WebSocket(socketAddress("events"));
  socket = opened;
  opened.addEventListener("message", (event: MessageEvent<string>) => {
    for (const news of JSON.parse(event.data) as News[]) {
      if (news.t === "hello") {
        live.connected = true;
        waitMs = FIRST_WAIT_MS;
      }
      apply(live, news);
    }
  });
  opened.addEventListener("close", (event) => {
    if (socket !== opened) return;
    live.connected = false;
    if (event.code === SESSION_ENDED) signedOut.handler();
    if (!wanted) return;
    timer = window.setTimeout(open, waitMs);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  });
}

/** Follow the news while somebody is signed in; reconnects by itself with growing pauses. */
export function follow(): void {
  if (wanted) return;
  wanted = true;
  waitMs = FIRST_WAIT_MS;
  open();
}

export function unfollow(): void {
  wanted = false;
  window.clearTimeout(timer);
  socket?.close();
  socket = null;
  Object.assign(live, emptyLive());
}

/** Connect anew, so that the backend's sentences come in the language just chosen. */
export function refollow(): void {
  if (!wanted) return;
  window.clearTimeout(timer);
  const before = socket;
  open();
  before?.close();
}
