/** The reader's language: chosen once, kept in this browser, else the browser's own. */
import { ref } from "vue";

export type Language = "en" | "zh";
export const LANGUAGES: readonly { code: Language; name: string; tag: string }[] = [
  { code: "en", name: "English", tag: "en" },
  { code: "zh", name: "中文", tag: "zh-CN" },
];
const STORED = "tapeline.language";

function initial(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "zh") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = ref<Language>(initial());

/** The tag for `Intl` and for the document. */
export function languageTag(): string {
  return language.value === "zh" ? "zh-CN" : "en-GB";
}

export function keepLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(STORED, chosen);
}
