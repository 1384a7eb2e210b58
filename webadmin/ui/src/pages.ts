/** The register of pages: path, words, icon, who may, component. The menu and the routes are made from it. */
import type { Component } from "vue";

import type { Permission } from "@/api/types";
import type { IconName } from "@/parts/icons";
import type { TextKey } from "@/text";

export interface Page {
  name: string;
  path: string;
  title: TextKey;
  icon: IconName | null;
  /** Everybody (`null`) sees a page before signing in. */
  who: Permission | null;
  menu: boolean;
  component: () => Promise<Component>;
}

export const PAGES: readonly Page[] = [
  { name: "home", path: "/", title: "home.title", icon: "home", who: "home", menu: true, component: () => import("@/pages/HomePage.vue") },
  { name: "live", path: "/live", title: "live.title", icon: "live", who: "live", menu: true, component: () => import("@/pages/LivePage.vue") },
  { name: "calls", path: "/calls", title: "calls.title", icon: "calls", who: "calls", menu: true, component: () => import("@/pages/CallsPage.vue") },
  { name: "call", path: "/calls/:id", title: "call.title", icon: null, who: "calls", menu: false, component: () => import("@/pages/CallPage.vue") },
  { name: "transcripts", path: "/transcripts", title: "transcripts.title", icon: "search", who: "calls", menu: true, component: () => import("@/pages/TranscriptsPage.vue") },
  { name: "uploads", path: "/uploads", title: "uploads.title", icon: "upload", who: "calls", menu: true, component: () => import("@/pages/UploadsPage.vue") },
  { name: "statistics", path: "/statistics", title: "statistics.title", icon: "statistics", who: "statistics", menu: true, component: () => import("@/pages/StatisticsPage.vue") },
  { name: "why", path: "/why", title: "why.title", icon: "why", who: "calls", menu: true, component: () => import("@/pages/WhyPage.vue") },
  { name: "rules", path: "/rules", title: "rules.title", icon: "rules", who: "rules", menu: true, component: () => import("@/pages/RulesPage.vue") },
  { name: "lists", path: "/lists", title: "lists.title", icon: "lists", who: "rules", menu: true, component: () => import("@/pages/ListsPage.vue") },
  { name: "extensions", path: "/extensions", title: "extensions.title", icon: "extensions", who: "rules", menu: true, component: () => import("@/pages/ExtensionsPage.vue") },
  { name: "mirror", path: "/mirror", title: "mirror.title", icon: "mirror", who: "home", menu: true, component: () => import("@/pages/MirrorPage.vue") },
  { name: "commissioning", path: "/commissioning", title: "commissioning.title", icon: "commissioning", who: "settings", menu: true, component: () => import("@/pages/CommissioningPage.vue") },
  { name: "settings", path: "/settings", title: "settings.title", icon: "settings", who: "settings", menu: true, component: () => import("@/pages/SettingsPage.vue") },
  { name: "users", path: "/users", title: "users.title", icon: "users", who: "users", menu: true, component: () => import("@/pages/UsersPage.vue") },
  { name: "roles", path: "/roles", title: "roles.title", icon: "key", who: "users", menu: true, component: () => import("@/pages/RolesPage.vue") },
  { name: "departments", path: "/departments", title: "departments.title", icon: "tree", who: "users", menu: true, component: () => import("@/pages/DepartmentsPage.vue") },
  { name: "view_list", path: "/view-list", title: "view_list.title", icon: "eye", who: "rules", menu: true, component: () => import("@/pages/ViewListPage.vue") },
  { name: "entry", path: "/sessions", title: "entry.title", icon: "logout", who: "users", menu: true, component: () => import("@/pages/EntryPage.vue") },
  { name: "operations", path: "/operations", title: "operations.title", icon: "calls", who: "operations", menu: true, component: () => import("@/pages/OperationsPage.vue") },
  { name: "account", path: "/account", title: "account.title", icon: null, who: "self", menu: false, component: () => import("@/pages/AccountPage.vue") },
  { name: "login", path: "/login", title: "login.title", icon: null, who: null, menu: false, component: () => import("@/pages/LoginPage.vue") },
  { name: "reset", path: "/reset", title: "reset.title", icon: null, who: null, menu: false, component: () => import("@/pages/ResetPage.vue") },
  { name: "shared", path: "/s/:link", title: "shared.title", icon: null, who: null, menu: false, component: () => import("@/pages/SharedPage.vue") },
  { name: "setup", path: "/setup", title: "setup.title", icon: null, who: null, menu: false, component: () => import("@/pages/SetupPage.vue") },
];
