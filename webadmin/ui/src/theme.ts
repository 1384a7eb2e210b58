/** Light or dark: follows the system until the reader chooses. */
import { computed, ref, watchEffect } from "vue";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];
const STORED = "tapeline.theme";

const stored = localStorage.getItem(STORED);
export const theme = ref<Theme>(stored === "light" || stored === "dark" ? stored : "system");

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(system.matches);
system.addEventListener("change", (event) => (systemDark.value = event.matches));

export const dark = computed(() => (theme.value === "system" ? systemDark.value : theme.value === "dark"));

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "system") localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, chosen);
}

watchEffect(() => document.documentElement.classList.toggle("dark", dark.value));
