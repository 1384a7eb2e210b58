/** The store of news: everything the event stream says, typed and reactive. One connection for the whole page. */
import { reactive, ref } from "vue";

import { rightsChanged, signedOut, socketAddress } from "@/api/client";
import { apply, emptyLive, type News } from "@/pure/news";

export const live = reactive(emptyLive());
/** The line was lost, or never came about, and is being sought. */
export const away = ref(false);

/** Close code of a socket whose session has ended (webadmin/sockets.py). */
export const SESSION_ENDED = 4401;
/** … and of one that its listener has lost the right to. */
export const NOT_ALLOWED = 4403;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** The server speaks at least every five seconds (webadmin/fanout.py): after this the line is dead, whatever the socket says. */
const SILENCE_MS = 12_000;
let socket: WebSocket | null = null;
let wanted = false;
let waitMs = FIRST_WAIT_MS;
let timer: number | undefined;
let silence: number | undefined;

function open(): void {
  const opened = new WebSocket(socketAddress("events"));
  socket = opened;
  expectWord(opened);
  opened.addEventListener("message", (event: MessageEvent<string>) => {
    if (socket !== opened) return;
    expectWord(opened);
    for (const news of JSON.parse(event.data) as News[]) {
      if (news.t === "hello") {
        live.connected = true;
        away.value = false;
        waitMs = FIRST_WAIT_MS;
      }
      apply(live, news);
    }
  });
  opened.addEventListener("close", (event) => {
    if (socket !== opened) return;
    lost();
    if (event.code === SESSION_ENDED) signedOut.handler();
    if (event.code === NOT_ALLOWED) {
      unfollow();
      rightsChanged.handler();
    }
  });
}

/** A frozen server or a pulled cable closes no socket: give up a line on which nothing was heard for long. */
function expectWord(opened: WebSocket): void {
  window.clearTimeout(silence);
  silence = window.setTimeout(() => {
    if (socket !== opened) return;
    lost();
    opened.close();
  }, SILENCE_MS);
}

function lost(): void {
  window.clearTimeout(silence);
  window.clearTimeout(timer);
  socket = null;
  live.connected = false;
  if (!wanted) return;
  away.value = true;
  timer = window.setTimeout(open, waitMs);
  waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
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
  away.value = false;
  window.clearTimeout(timer);
  window.clearTimeout(silence);
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
