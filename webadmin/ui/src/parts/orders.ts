/** Who ordered something of a recording, in words: a person, the side that pressed a key, or the recorder itself. */
import { t } from "@/text";

export function giver(by: string): string {
  if (by === "caller") return t("common.caller");
  if (by === "callee") return t("common.callee");
  return by === "time-out" ? t("call.order.itself") : by;
}
