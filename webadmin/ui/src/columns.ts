/** The columns that the reader has chosen for the list of calls, kept by the server for every browser of theirs. */
import { ref } from "vue";

import { get, put } from "@/api/client";
import { chosen, toKeep, USUAL, type Column } from "@/pure/columns";

export const columns = ref<readonly Column[]>(USUAL);
/** What an export follows: empty until somebody has chosen, which gives the usual table. */
export const exported = ref<readonly string[]>([]);

function took(kept: readonly string[]): void {
  columns.value = chosen(kept);
  exported.value = kept;
}

export async function loadColumns(): Promise<void> {
  try {
    took((await get<{ columns: string[] }>("preferences/columns")).columns);
  } catch {
    took([]); // The list is whole with its usual columns.
  }
}

/** Null goes back to the usual ones. */
export async function chooseColumns(wanted: readonly Column[] | null): Promise<void> {
  took((await put<{ columns: string[] }>("preferences/columns", { columns: wanted === null ? [] : toKeep(wanted) })).columns);
}
