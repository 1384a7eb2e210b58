import { expect, test } from "vitest";

import { outline, places, settingAt } from "@/form/outline";
import { changedPaths, resolve, withValue, type Schema } from "@/form/schema";
import { findings, marked } from "@/form/search";

const root: Schema = {
  $ref: "#/$defs/All",
  $defs: {
    All: {
      type: "object",
      properties: {
        archive: { $ref: "#/$defs/Archive", "x-text": { en: "Archive", zh: "归档" } },
        recording: { $ref: "#/$defs/Rules", "x-text": { en: "Recording rules", zh: "录音规则" }, "x-page": "rules" },
        someday: { $ref: "#/$defs/Rules", "x-text": { en: "Someday", zh: "将来" }, "x-page": "no such page" },
      },
    },
    Archive: {
      type: "object",
      properties: {
        mail: { $ref: "#/$defs/Mail", "x-text": { en: "Mails", zh: "邮件" }, "x-help": { en: "Who is told.", zh: "通知对象。" } },
        format: { anyOf: [{ $ref: "#/$defs/Opus" }], "x-text": { en: "Format", zh: "格式" }, "x-choices": { opus: { en: "Opus", zh: "Opus" } } },
        keep_bundle_h: { type: "integer", "x-text": { en: "Keep packets", zh: "保留数据包" }, "x-help": { en: "Hours.", zh: "小时。" } },
      },
    },
    Mail: { type: "object", properties: { port: { type: "integer", "x-text": { en: "Port", zh: "端口" }, "x-help": { en: "For packets.", zh: "数据包端口。" } } } },
    Opus: { type: "object", properties: { kind: { enum: ["opus"] }, bitrate_kbps: { type: "integer", "x-text": { en: "Bit rate", zh: "码率" } } } },
    Rules: { type: "object", properties: { mode: { enum: ["all", "keys"], "x-text": { en: "Mode", zh: "模式" } }, rows: { type: "array", items: { type: "object" }, "x-text": { en: "Blacklist", zh: "黑名单" }, "x-page": "lists" } } },
  },
};
const found = (wanted: string): string[] => findings(root, wanted).map((place) => place.leaf.key);

test("a section inside a section is a block of its own, its settings lines with their whole path", () => {
  const [archive] = outline(root);
  expect(archive?.blocks.map((block) => [block.path.join("."), block.leaves.map((leaf) => leaf.key)])).toEqual([
    ["archive", ["archive.format", "archive.keep_bundle_h"]],
    ["archive.mail", ["archive.mail.port"]],
  ]);
  const before = { archive: { mail: { port: 25 } } };
  expect(changedPaths(before, withValue(before, ["archive", "mail", "port"], 587), root, resolve(root, root))).toEqual([["archive", "mail", "port"]]);
});

test("a setting is found by its words in either language, its help, and what is inside it", () => {
  expect(found("KEEP")).toEqual(["archive.keep_bundle_h"]);
  expect(found("保留数据包")).toEqual(["archive.keep_bundle_h"]);
  expect(found("hours")).toEqual(["archive.keep_bundle_h"]);
  expect(found("bit rate")).toEqual(["archive.format"]);
  expect(found("码率")).toEqual(["archive.format"]);
});

test("a setting is found by its key, as it is written and as one says it", () => {
  expect(found("keep_bundle_h")).toEqual(["archive.keep_bundle_h"]);
  expect(found("archive.mail.port")).toEqual(["archive.mail.port"]);
  expect(found("keep bundle")).toEqual(["archive.keep_bundle_h"]);
});

test("what has the words in its label comes first, what has them in its help later", () => {
  expect(found("packets")).toEqual(["archive.keep_bundle_h", "archive.mail.port"]);
});

test("all words count, the section's name finds all of it, nothing finds nothing", () => {
  expect(found("opus rate")).toEqual(["archive.format"]);
  expect(found("opus hours")).toEqual([]);
  expect(found("归档")).toEqual(["archive.mail.port", "archive.format", "archive.keep_bundle_h"]);
  expect(found("  ")).toEqual([]);
});

test("settings with a page of their own are found there, those of pages that do not exist nowhere", () => {
  expect(findings(root, "黑名单").map((place) => [place.leaf.key, place.page])).toEqual([["recording.rows", "lists"]]);
  expect(findings(root, "mode").map((place) => place.page)).toEqual(["rules"]);
  expect(places(root).some((place) => place.leaf.key.startsWith("someday"))).toBe(false);
});

test("what is looked for is marked, the longest word first, and signs mean themselves", () => {
  expect(marked("Keep packets", "pack keep")).toEqual([{ text: "Keep", hit: true }, { text: " ", hit: false }, { text: "pack", hit: true }, { text: "ets", hit: false }]);
  expect(marked("a.b (c)", "(c")).toEqual([{ text: "a.b ", hit: false }, { text: "(c", hit: true }, { text: ")", hit: false }]);
  expect(marked("plain", " ")).toEqual([{ text: "plain", hit: false }]);
});

test.each([
  ["archive.format.bitrate_kbps", "archive.format"],
  ["$.archive.mail.port", "archive.mail.port"],
  ["archive.keep_bundle_h[3]", "archive.keep_bundle_h"],
  ["archive", null],
  ["body", null],
])("an error at %s belongs to the setting %s", (field, key) => expect(settingAt(root, field)).toBe(key));
