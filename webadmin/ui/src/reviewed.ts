/** Which calls the reader has reviewed, as far as this page knows; kept by the server, one's own alone. */
import { reactive, watch } from "vue";

import { put } from "@/api/client";
import { attempted } from "@/parts/confirm";
import { user } from "@/session";

export const reviewed = reactive(new Map<string, boolean>());
watch(
  () => user.value?.name,
  () => reviewed.clear(),
);

/** These are reviewed; when all of them are already, none is any more. */
export async function review(callIds: readonly string[]): Promise<void> {
  const on = callIds.some((callId) => !reviewed.get(callId));
  await attempted(async () => {
    await put("reviewed", { call_ids: callIds, reviewed: on });
    for (const callId of callIds) reviewed.set(callId, on);
  });
}
