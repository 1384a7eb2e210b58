/** The register of pages: path, words, icon, who may, group of the menu, component. The menu and the routes are made from it. */
import type { Component } from "vue";

import type { Permission } from "@/api/types";
import type { IconName } from "@/parts/icons";
import type { TextKey } from "@/text";

/** The groups of the menu from above. */
export const GROUPS = ["run", "recordings", "people", "system"] as const;
export type Group = (typeof GROUPS)[number];

export interface Page {
  name: string;
  path: string;
  title: TextKey;
  icon: IconName | null;
  /** Everybody (`null`) sees a page before signing in. */
  who: Permission | null;
  /** Where the menu has it; `null` for a page that is reached from others. */
  group: Group | null;
  /** Tells of the box as a whole, which not everybody sees. */
  ofBox?: true;
  component: () => Promise<Component>;
}

export const PAGES: readonly Page[] = [
  { name: "home", path: "/", title: "home.title", icon: "home", who: "home", group: "run", component: () => import("@/pages/HomePage.vue") },
  { name: "live", path: "/live", title: "live.title", icon: "live", who: "live", group: "run", component: () => import("@/pages/LivePage.vue") },
  { name: "mirror", path: "/mirror", title: "mirror.title", icon: "mirror", who: "home", group: "run", ofBox: true, component: () => import("@/pages/MirrorPage.vue") },
  { name: "boards", path: "/boards", title: "boards.title", icon: "board", who: "system", group: "run", ofBox: true, component: () => import("@/pages/BoardsPage.vue") },
  { name: "system", path: "/system", title: "system.title", icon: "server", who: "system", group: "run", ofBox: true, component: () => import("@/pages/SystemPage.vue") },
  { name: "alarms", path: "/alarms", title: "alarms.title", icon: "bell", who: "alarms", group: "run", ofBox: true, component: () => import("@/pages/AlarmsPage.vue") },
  { name: "alarm_mails", path: "/alarms/notices", title: "alarm_mails.title", icon: "mail", who: "alarms", group: "run", ofBox: true, component: () => import("@/pages/AlarmMailsPage.vue") },
  { name: "calls", path: "/calls", title: "calls.title", icon: "calls", who: "calls", group: "recordings", component: () => import("@/pages/CallsPage.vue") },
  { name: "transcripts", path: "/transcripts", title: "transcripts.title", icon: "search", who: "calls", group: "recordings", component: () => import("@/pages/TranscriptsPage.vue") },
  { name: "uploads", path: "/uploads", title: "uploads.title", icon: "upload", who: "calls", group: "recordings", component: () => import("@/pages/UploadsPage.vue") },
  { name: "statistics", path: "/statistics", title: "statistics.title", icon: "statistics", who: "statistics", group: "recordings", component: () => import("@/pages/StatisticsPage.vue") },
  { name: "statements", path: "/statements", title: "statements.title", icon: "check", who: "statistics", group: "recordings", ofBox: true, component: () => import("@/pages/StatementsPage.vue") },
  { name: "cdr", path: "/call-lists", title: "cdr.title", icon: "lists", who: "statistics", group: "recordings", ofBox: true, component: () => import("@/pages/CdrPage.vue") },
  { name: "why", path: "/why", title: "why.title", icon: "why", who: "calls", group: "recordings", component: () => import("@/pages/WhyPage.vue") },
  { name: "users", path: "/users", title: "users.title", icon: "users", who: "users", group: "people", component: () => import("@/pages/UsersPage.vue") },
  { name: "roles", path: "/roles", title: "roles.title", icon: "key", who: "users", group: "people", component: () => import("@/pages/RolesPage.vue") },
  { name: "departments", path: "/departments", title: "departments.title", icon: "tree", who: "users", group: "people", component: () => import("@/pages/DepartmentsPage.vue") },
  { name: "contacts", path: "/contacts", title: "contacts.title", icon: "book", who: "directory", group: "people", component: () => import("@/pages/ContactsPage.vue") },
  { name: "view_list", path: "/view-list", title: "view_list.title", icon: "eye", who: "rules", group: "people", component: () => import("@/pages/ViewListPage.vue") },
  { name: "entry", path: "/sessions", title: "entry.title", icon: "logout", who: "users", group: "people", component: () => import("@/pages/EntryPage.vue") },
  { name: "operations", path: "/operations", title: "operations.title", icon: "calls", who: "operations", group: "people", component: () => import("@/pages/OperationsPage.vue") },
  { name: "rules", path: "/rules", title: "rules.title", icon: "rules", who: "rules", group: "system", component: () => import("@/pages/RulesPage.vue") },
  { name: "lists", path: "/lists", title: "lists.title", icon: "lists", who: "rules", group: "system", component: () => import("@/pages/ListsPage.vue") },
  { name: "extensions", path: "/extensions", title: "extensions.title", icon: "extensions", who: "directory", group: "system", component: () => import("@/pages/ExtensionsPage.vue") },
  { name: "commissioning", path: "/commissioning", title: "commissioning.title", icon: "commissioning", who: "settings", group: "system", component: () => import("@/pages/CommissioningPage.vue") },
  { name: "storage", path: "/storage", title: "storage.title", icon: "disk", who: "system", group: "system", ofBox: true, component: () => import("@/pages/StoragePage.vue") },
  { name: "first_steps", path: "/first-steps", title: "first_steps.title", icon: "check", who: "settings", group: "system", ofBox: true, component: () => import("@/pages/FirstStepsPage.vue") },
  { name: "network", path: "/network", title: "network.title", icon: "network", who: "settings", group: "system", component: () => import("@/pages/NetworkPage.vue") },
  { name: "update", path: "/update", title: "update.title", icon: "upload", who: "settings", group: "system", component: () => import("@/pages/UpdatePage.vue") },
  { name: "time", path: "/time", title: "time.title", icon: "clock", who: "settings", group: "system", component: () => import("@/pages/TimePage.vue") },
  { name: "backups", path: "/backups", title: "backups.title", icon: "refresh", who: "settings", group: "system", ofBox: true, component: () => import("@/pages/BackupsPage.vue") },
  { name: "licences", path: "/licences", title: "licences.title", icon: "key", who: "system", group: "system", ofBox: true, component: () => import("@/pages/LicencesPage.vue") },
  { name: "web_access", path: "/web-access", title: "web_access.title", icon: "lock", who: "settings", group: "system", component: () => import("@/pages/WebAccessPage.vue") },
  { name: "settings", path: "/settings", title: "settings.title", icon: "settings", who: "settings", group: "system", component: () => import("@/pages/SettingsPage.vue") },
  { name: "settings_history", path: "/settings/history", title: "settings_history.title", icon: null, who: "settings", group: null, component: () => import("@/pages/SettingsHistoryPage.vue") },
  { name: "style", path: "/style", title: "style.title", icon: null, who: "settings", group: null, component: () => import("@/pages/StylePage.vue") },
  { name: "corrections", path: "/boards/corrections", title: "corrections.title", icon: null, who: "settings", group: null, ofBox: true, component: () => import("@/pages/CorrectionsPage.vue") },
  { name: "call", path: "/calls/:id", title: "call.title", icon: null, who: "calls", group: null, component: () => import("@/pages/CallPage.vue") },
  { name: "account", path: "/account", title: "account.title", icon: null, who: "self", group: null, component: () => import("@/pages/AccountPage.vue") },
  { name: "login", path: "/login", title: "login.title", icon: null, who: null, group: null, component: () => import("@/pages/LoginPage.vue") },
  { name: "reset", path: "/reset", title: "reset.title", icon: null, who: null, group: null, component: () => import("@/pages/ResetPage.vue") },
  { name: "shared", path: "/s/:link", title: "shared.title", icon: null, who: null, group: null, component: () => import("@/pages/SharedPage.vue") },
  { name: "setup", path: "/setup", title: "setup.title", icon: null, who: null, group: null, component: () => import("@/pages/SetupPage.vue") },
];
