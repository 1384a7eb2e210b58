/** Every sentence on the page: `t("calls.title")`. Keys are checked by the compiler, words come from the backend. */
import { shallowRef } from "vue";

import { get } from "@/api/client";
import { keepLanguage, language, type Language } from "@/language";
import type { TextKey } from "@/texts.gen";

export type { TextKey };
export type Facts = Record<string, string | number>;

const sentences = shallowRef<Record<string, string>>({});
const cache = new Map<Language, Record<string, string>>();

/** Fetch the words of a language and switch to it; the page keeps the old one until they are here. */
export async function switchLanguage(to: Language): Promise<void> {
  const known = cache.get(to) ?? (await get<Record<string, string>>(`texts/${to}`));
  cache.set(to, known);
  sentences.value = known;
  keepLanguage(to);
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
}

export async function loadTexts(): Promise<void> {
  await switchLanguage(language.value);
}

/** Put facts into a sentence's `{named}` places. */
export function fill(sentence: string, facts: Facts = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => (name in facts ? String(facts[name]) : place));
}

export function t(key: TextKey, facts?: Facts): string {
  return fill(sentences.value[key] ?? key, facts);
}

/** The word for a value of the backend, such as `named("reason", "busy")`; the value itself when it has none. */
export function named(family: string, value: string | null | undefined): string {
  if (!value) return "";
  return sentences.value[`${family}.${value}`] ?? value;
}

/** The words of a whole family, for a list to choose from: value → word. */
export function family(name: string): { value: string; text: string }[] {
  const prefix = `${name}.`;
  return Object.entries(sentences.value)
    .filter(([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes("."))
    .map(([key, text]) => ({ value: key.slice(prefix.length), text }));
}
