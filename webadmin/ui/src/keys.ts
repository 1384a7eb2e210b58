/** Keyboard: which presses are for the page and not for a field, and whether the help is open. */
import { onBeforeUnmount, onMounted, ref } from "vue";

export const helpOpen = ref(false);

/** Whether a key press belongs to what has the focus: a field, an open list, or a combination with Ctrl, Alt, Meta. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [role=listbox], [role=menu], [role=dialog]") !== null;
}

/** Space and Enter on a button, a link or a box to tick are that control's own. */
export function isOnControl(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.closest("button, a, input, [role=button], summary") !== null;
}

/** Listen to the whole page as long as the component lives. */
export function onKey(handler: (event: KeyboardEvent) => void): void {
  const guarded = (event: KeyboardEvent): void => {
    if (!isTaken(event)) handler(event);
  };
  onMounted(() => document.addEventListener("keydown", guarded));
  onBeforeUnmount(() => document.removeEventListener("keydown", guarded));
}
