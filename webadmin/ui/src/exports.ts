/** Exports of many calls: begun, watched while they are prepared, saved, cancelled. One list for the page. */
import { ref } from "vue";

import { address, ApiError, get, post, remove, type Query } from "@/api/client";
import type { ExportOf } from "@/api/types";
import { language } from "@/language";

export const exportsList = ref<ExportOf[]>([]);

const LOOK_MS = 700;
let timer: number | undefined;
const saved = new Set<string>();

/** What is exported: ticked calls, or all that a query finds. */
export interface Wanted {
  call_ids: string[] | null;
  query: Query;
}

function withoutPaging(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !["page", "page_size", "cursor", "after", "before"].includes(name)));
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

function took(one: ExportOf): void {
  const at = exportsList.value.findIndex((known) => known.id === one.id);
  if (at < 0) exportsList.value.unshift(one);
  else exportsList.value[at] = one;
}

export async function beginRecordings(wanted: Wanted, format: string, password = ""): Promise<void> {
  took(await post<ExportOf>(`exports/recordings?lang=${language.value}`, { call_ids: wanted.call_ids, query: withoutPaging(wanted.query), tz: zone(), password, ...(format ? { format } : {}) }));
  watchOn();
}

export async function beginTable(wanted: Wanted, kind: "xlsx" | "csv", columns: readonly string[] = []): Promise<void> {
  took(await post<ExportOf>(`exports/tables?lang=${language.value}`, { kind, call_ids: wanted.call_ids, query: withoutPaging(wanted.query), columns, tz: zone() }));
  watchOn();
}

export async function loadExports(): Promise<void> {
  exportsList.value = (await get<{ exports: ExportOf[] }>("exports")).exports;
  exportsList.value.forEach((one) => saved.add(one.id));
  if (exportsList.value.some((one) => one.state === "preparing")) watchOn();
}

/** Why some failed, in the language that is spoken now. */
export async function reword(): Promise<void> {
  for (const one of exportsList.value.filter((known) => known.state === "failed")) took(await get<ExportOf>(`exports/${one.id}`));
}

export async function cancelExport(id: string): Promise<void> {
  try {
    await remove(`exports/${id}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  forget(id);
}

/** The same calls once more, in place of what failed or has vanished; with a password where the old one is gone. */
export async function repeatExport(id: string, password = ""): Promise<void> {
  const anew = await post<ExportOf>(`exports/${id}/again?lang=${language.value}`, { password });
  forget(id);
  took(anew);
  watchOn();
}

const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
function forget(id: string): void {
  exportsList.value = exportsList.value.filter((one) => one.id !== id);
}

/** Have the browser save it; it goes on by itself where a connection breaks. */
export function saveExport(one: ExportOf): void {
  const link = document.createElement("a");
  link.href = address(`exports/${one.id}/file`);
  link.download = one.name;
  link.click();
  watchOn();
}

const isMoving = (one: ExportOf): boolean =>
  one.state === "preparing" || (one.kind === "zip" && one.state === "ready" && one.sent_bytes > 0 && one.sent_bytes < one.size_bytes);

function watchOn(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void look(), LOOK_MS);
}

async function look(): Promise<void> {
  for (const one of exportsList.value.filter((known) => known.state !== "failed")) {
    try {
      const now = await get<ExportOf>(`exports/${one.id}`);
      took(now);
      if (now.state === "ready" && !saved.has(now.id)) {
        saved.add(now.id);
        saveExport(now);
      }
    } catch (error) {
      // A server that cannot be reached for a moment has not forgotten it.
      if (isGone(error)) forget(one.id);
    }
  }
  if (exportsList.value.some(isMoving)) watchOn();
}
