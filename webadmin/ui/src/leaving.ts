/** Nobody leaves a form with changes that are not saved without being asked. */
import { ElMessageBox } from "element-plus";
import { watch } from "vue";
import { onBeforeRouteLeave } from "vue-router";

import { user } from "@/session";
import { t } from "@/text";

export function useLeaveGuard(isChanged: () => boolean): void {
  onBeforeRouteLeave(async () => {
    if (!isChanged() || user.value === null) return true;
    try {
      await ElMessageBox.confirm(t("settings.leave"), { confirmButtonText: t("settings.leave.go"), cancelButtonText: t("settings.leave.stay"), type: "warning" });
      return true;
    } catch {
      return false; // The reader stays.
    }
  });
  watch(isChanged, (now, _before, cleanUp) => {
    if (!now) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    cleanUp(() => window.removeEventListener("beforeunload", warn));
  });
}
