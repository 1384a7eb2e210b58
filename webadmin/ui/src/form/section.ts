/** One section of the settings on a page of its own: loaded, changed, saved onto whatever the settings are by then. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";

import { ApiError, get, put } from "@/api/client";
import { changedPaths, membersOf, resolve, valueAt, withValue, type Member, type Schema, type Value, type Values } from "@/form/schema";
import { useLeaveGuard } from "@/leaving";
import { useLoading } from "@/loading";
import { atItsField, sentence } from "@/parts/problem";
import { t } from "@/text";

interface Kept {
  revision: number;
  settings: Values;
}

export interface Section {
  schema: ShallowRef<Schema | null>;
  members: ComputedRef<Member[]>;
  draft: ShallowRef<Values>;
  /** Paths with dots, below the section. */
  changed: ComputedRef<ReadonlySet<string>>;
  busy: Ref<boolean>;
  problem: Ref<string>;
  loadProblem: Ref<string>;
  load: () => Promise<void>;
  isChanged: (...path: string[]) => boolean;
  errorAt: (...path: string[]) => string;
  set: (path: string[], value: Value) => void;
  undo: (path: string[]) => void;
  /** Whether it was saved. */
  save: () => Promise<boolean>;
}

/** `definition` is the section's name in the schema, `edited` what the page lets edit of it. Work that is not saved asks before the page is left. */
export function useSection(section: string, definition: string, edited: (root: Schema, schema: Schema) => Member[] = membersOf): Section {
  const kept = shallowRef<Values>({});
  const draft = shallowRef<Values>({});
  const busy = ref(false);
  const problem = ref("");
  const fault = ref<{ path: string; text: string } | null>(null);

  const { content: schema, problem: loadProblem, load } = useLoading<Schema>(async (signal) => {
    const [described, current] = await Promise.all([get<Schema>("settings/schema", {}, signal), get<Kept>("settings", {}, signal)]);
    take(current);
    return described;
  });
  void load();

  function take(current: Kept): void {
    kept.value = valueAt(current.settings, [section]) as Values;
    draft.value = kept.value;
  }
  const top = computed<Schema>(() => (schema.value ? resolve(schema.value, { $ref: `#/$defs/${definition}` }) : {}));
  const members = computed(() => (schema.value ? edited(schema.value, top.value) : []));
  const changed = computed<ReadonlySet<string>>(() => new Set(schema.value ? changedPaths(kept.value, draft.value, schema.value, top.value, [], members.value).map((path) => path.join(".")) : []));
  const within = (path: string, whole: string): boolean => path === whole || path.startsWith(`${whole}.`);
  const isChanged = (...path: string[]): boolean => [...changed.value].some((one) => within(one, path.join(".")));
  const errorAt = (...path: string[]): string => (fault.value && within(fault.value.path, path.join(".")) ? fault.value.text : "");

  function forget(): void {
    problem.value = "";
    fault.value = null;
  }
  function set(path: string[], value: Value): void {
    draft.value = withValue(draft.value, path, value);
    forget();
  }
  async function save(): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    forget();
    try {
      // Others may have changed the rest meanwhile: only what is edited here is sent back.
      const now = await get<Kept>("settings");
      let mine = valueAt(now.settings, [section]) as Values;
      for (const path of changed.value) mine = withValue(mine, path.split("."), valueAt(draft.value, path.split(".")) ?? null);
      take(await put<Kept>("settings", { revision: now.revision, settings: { ...now.settings, [section]: mine } }));
      return true;
    } catch (error) {
      const field = error instanceof ApiError && error.status === 422 ? (error.field ?? "") : "";
      if (error instanceof ApiError && field.startsWith(`${section}.`)) fault.value = { path: field.slice(section.length + 1).replaceAll("[", "."), text: atItsField(error) };
      problem.value = fault.value ? t("settings.invalid") : sentence(error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  useLeaveGuard(() => changed.value.size > 0);
  return { schema, members, draft, changed, busy, problem, loadProblem, load, isChanged, errorAt, set, undo: (path) => set(path, valueAt(kept.value, path) ?? null), save };
}
