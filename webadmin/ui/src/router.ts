/** Routes from the register of pages, and who is sent where. */
import { ElMessage } from "element-plus";
import { watchEffect } from "vue";
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from "vue-router";

import { PAGES, type Page } from "@/pages";
import { may, session, user } from "@/session";
import { t } from "@/text";

declare module "vue-router" {
  interface RouteMeta {
    page?: Page;
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...PAGES.map((page) => ({ path: page.path, name: page.name, component: page.component, meta: { page } })),
    // Where notices of alarms stood while mails were the only ones.
    { path: "/alarms/mails", redirect: { name: "alarm_mails" } },
    { path: "/:rest(.*)*", name: "missing", component: () => import("@/pages/MissingPage.vue") },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

/** Where somebody who may not see a page goes instead; `true` = here is fine. */
export function gate(to: RouteLocationNormalized, from: RouteLocationNormalized): RouteLocationRaw | true {
  if (session.value?.first_run) return to.name === "setup" ? true : { name: "setup" };
  const page = to.meta.page;
  if (to.name === "reset" || to.name === "shared") return true;
  if (page?.who === null) return user.value ? { name: "home" } : to.name === "login" ? true : { name: "login" };
  if (!user.value) return { name: "login", query: to.fullPath === "/" ? {} : { next: to.fullPath } };
  if ((user.value.must_change || user.value.must_enrol) && to.name !== "account") return { name: "account" };
  if (to.name === "home" && user.value.first_steps && arrives(from)) return { name: "first_steps" };
  if (!page?.who || may(page.who)) return true;
  return landing(to);
}

/** Whether somebody opens the panel or has just signed in: a walk within it is led nowhere else. */
function arrives(from: RouteLocationNormalized): boolean {
  return from.matched.length === 0 || from.meta.page?.who === null;
}

/** The first page of the menu that somebody may see: roles need not hold the overview. */
function landing(to: RouteLocationNormalized): RouteLocationRaw | true {
  const first = PAGES.find((page) => page.group && page.who && may(page.who));
  const name = first?.name ?? "account";
  return to.name === name ? true : { name };
}

router.beforeEach(gate);
/** A page whose code cannot be fetched: the backend is away, or an update has replaced the files. */
router.onError(async (_problem, to) => {
  const isUp = await fetch("/", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  // Only away from a page that works, so that a broken build cannot reload itself for ever.
  if (isUp && router.currentRoute.value.matched.length > 0) location.assign(to.fullPath);
  else ElMessage.error(t("common.unreachable"));
});

watchEffect(() => {
  const page = router.currentRoute.value.meta.page;
  document.title = page ? `${t(page.title)} · ${t("app.name")}` : t("app.name");
});
