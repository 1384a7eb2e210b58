/** What went wrong with a request, ready to be shown: the sentence, and which field it belongs to. */
import { ref } from "vue";

import { ApiError, SECOND_PERSON_NEEDED } from "@/api/client";
import { t } from "@/text";

export function sentence(problem: unknown): string {
  if (!(problem instanceof ApiError)) throw problem;
  if (problem.status === 0) return t("common.unreachable");
  if (problem.code === "throttled" && problem.retryAfterS !== null) return t("login.wait", { seconds: problem.retryAfterS });
  return problem.message || t("common.failed");
}

/** The sentence about something that could not be loaded, and what to do about it. */
export function advice(problem: unknown): string {
  const said = sentence(problem);
  const { code, status } = problem as ApiError;
  if (status === 0) return `${t("common.failed")} ${t("common.do.unreachable")}`;
  if (status === 403 && code !== SECOND_PERSON_NEEDED) return `${said} ${t("common.do.rights")}`;
  return status >= 500 ? `${said} ${t("common.do.log")}` : said;
}

/** The sentence without the name of its field, for showing it at that field. */
export function atItsField(error: ApiError): string {
  const text = sentence(error);
  const rest = error.field && text.startsWith(error.field) ? text.slice(error.field.length).replace(/^[:：]\s*/, "") : text;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** Runs one request at a time for a form and remembers what went wrong with it. */
export function useSubmission(fields: readonly string[]) {
  const busy = ref(false);
  const problem = ref("");
  const fieldProblems = ref<Record<string, string>>({});

  async function submit(act: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    problem.value = "";
    fieldProblems.value = {};
    try {
      await act();
    } catch (error) {
      if (error instanceof ApiError && error.field && fields.includes(error.field)) {
        fieldProblems.value = { [error.field]: atItsField(error) };
      } else {
        problem.value = sentence(error);
      }
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, fieldProblems, submit };
}
