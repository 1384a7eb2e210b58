/** Ask first, then act, and say what went wrong. */
import { ElMessage, ElMessageBox } from "element-plus";

import { sentence } from "@/parts/problem";
import { t } from "@/text";

/** True when the reader said yes and it was done. */
export async function confirmed(question: string, act: () => Promise<void>): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question, { confirmButtonText: t("common.yes"), cancelButtonText: t("common.cancel"), type: "warning" });
  } catch {
    return false; // The reader said no.
  }
  return attempted(act);
}

/** True when it was done. */
export async function attempted(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    ElMessage.error(sentence(error));
    return false;
  }
}

/** What was asked for, or null when the reader was told why it cannot be had. */
export async function answered<Content>(ask: () => Promise<Content>): Promise<Content | null> {
  try {
    return await ask();
  } catch (error) {
    ElMessage.error(sentence(error));
    return null;
  }
}
