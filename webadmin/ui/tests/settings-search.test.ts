import { expect, test } from "vitest";

import { membersOf, resolve, type Schema } from "@/form/schema";
import { isFound } from "@/form/search";

const root: Schema = {
  $ref: "#/$defs/All",
  $defs: {
    All: { type: "object", properties: { archive: { $ref: "#/$defs/Archive", "x-text": { en: "Archive", zh: "归档" } } } },
    Archive: {
      type: "object",
      properties: {
        format: { anyOf: [{ $ref: "#/$defs/Opus" }], "x-text": { en: "Format", zh: "格式" }, "x-choices": { opus: { en: "Opus", zh: "Opus" } } },
        keep_bundle_h: { type: "integer", "x-text": { en: "Keep packets", zh: "保留数据包" }, "x-help": { en: "Hours.", zh: "小时。" } },
      },
    },
    Opus: { type: "object", properties: { kind: { enum: ["opus"] }, bitrate_kbps: { type: "integer", "x-text": { en: "Bit rate", zh: "码率" } } } },
  },
};
const section = membersOf(root, resolve(root, root))[0];
const found = (wanted: string): string[] =>
  section ? membersOf(root, section.schema).filter((member) => isFound(root, section, member, wanted)).map((member) => member.name) : [];

test("a setting is found by its words in either language, its help, and what is inside it", () => {
  expect(found("KEEP")).toEqual(["keep_bundle_h"]);
  expect(found("数据包")).toEqual(["keep_bundle_h"]);
  expect(found("hours")).toEqual(["keep_bundle_h"]);
  expect(found("bit rate")).toEqual(["format"]);
  expect(found("码率")).toEqual(["format"]);
});

test("all words count, the section's name finds all of it, nothing finds everything", () => {
  expect(found("opus rate")).toEqual(["format"]);
  expect(found("opus hours")).toEqual([]);
  expect(found("归档")).toEqual(["format", "keep_bundle_h"]);
  expect(found("  ")).toEqual(["format", "keep_bundle_h"]);
});
