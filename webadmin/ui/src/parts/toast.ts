/** A message that offers the way back. */
import { ElMessage } from "element-plus";
import { h } from "vue";

import { t } from "@/text";

const LONG_MS = 12_000;

/** Say that something was done, with a button to undo it for a while. */
export function withUndo(text: string, undo: () => Promise<void>): void {
  const shown = ElMessage({
    type: "success",
    duration: LONG_MS,
    showClose: true,
    message: h("span", { class: "with-undo" }, [
      text,
      h("button", { class: "button bare", type: "button", "data-testid": "toast-undo", onClick: act }, t("settings.undo")),
    ]),
  });
  function act(): void {
    shown.close();
    void undo();
  }
}
