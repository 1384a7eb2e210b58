import { describe, expect, test } from "vitest";

import { changedPaths, choicesOf, elsewhereOf, membersOf, newVariant, resolve, shapeOf, valueAt, variantsOf, withValue, words, type Schema } from "@/form/schema";

const label = { en: "one", zh: "一" };
const root: Schema = {
  $ref: "#/$defs/Settings",
  $defs: {
    Settings: {
      type: "object",
      properties: {
        version: { type: "integer", readOnly: true, "x-text": label },
        revision: { type: "integer" },
        archive: { $ref: "#/$defs/Archive", "x-text": { en: "Archive", zh: "归档" } },
      },
    },
    Archive: {
      type: "object",
      properties: {
        format: { anyOf: [{ $ref: "#/$defs/Wav" }, { $ref: "#/$defs/Opus" }], "x-text": label },
        fill: { $ref: "#/$defs/Fill", "x-text": label },
        early: { type: "boolean", "x-text": label },
        ports: { type: "array", items: { type: "integer" }, "x-text": label },
        hours: { type: "integer", minimum: 0, "x-text": label },
        token: { type: "string", "x-secret": true, "x-text": label },
        list: { type: "array", items: { type: "object" }, "x-text": label, "x-page": "lists" },
      },
    },
    Wav: { title: "Wav", type: "object", properties: { kind: { enum: ["wav"] } } },
    Opus: {
      title: "Opus",
      type: "object",
      properties: { kind: { enum: ["opus"] }, bitrate_kbps: { type: "integer", default: 32, "x-text": label } },
    },
    Fill: { title: "Fill", enum: ["conceal", "silence"] },
  },
};
const top = resolve(root, root);
const archive = membersOf(root, top)[0]?.schema ?? {};
const member = (name: string): Schema => membersOf(root, archive).find((one) => one.name === name)?.schema ?? {};

describe("the schema", () => {
  test("offers only what people may set", () => {
    expect(membersOf(root, top).map((one) => one.name)).toEqual(["archive"]);
  });
  test("keeps a setting's own words when it follows a reference", () => {
    expect(words(archive["x-text"], "zh")).toBe("归档");
    expect(words(member("fill")["x-text"], "en")).toBe("one");
  });
  test.each([
    ["format", "variant"], ["fill", "choice"], ["early", "switch"], ["ports", "list"], ["hours", "number"], ["token", "secret"],
  ])("shows %s as a %s", (name, shape) => expect(shapeOf(root, member(name))).toBe(shape));
  test("survives a reference that leads nowhere or to itself", () => {
    const looped: Schema = { $defs: { A: { $ref: "#/$defs/A" } } };
    expect(shapeOf(looped, resolve(looped, { $ref: "#/$defs/A" }))).toBe("text");
    expect(resolve(looped, { $ref: "#/$defs/B", "x-text": label })).toEqual({ "x-text": label });
  });
});

test("a variant chosen anew begins with its defaults", () => {
  const [, opus] = variantsOf(root, member("format"));
  expect(opus && newVariant(opus, root)).toEqual({ kind: "opus", bitrate_kbps: 32 });
});

test("a value is replaced without touching the others or the original", () => {
  const before = { archive: { hours: 1, early: true }, web: { x: 1 } };
  const after = withValue(before, ["archive", "hours"], 2);
  expect(valueAt(after, ["archive", "hours"])).toBe(2);
  expect(valueAt(before, ["archive", "hours"])).toBe(1);
  expect(after["web"]).toBe(before.web);
});

test("what was changed and changed back is no change", () => {
  const before = { archive: { hours: 1, ports: [1, 2], format: { kind: "wav" } } };
  expect(changedPaths(before, withValue(before, ["archive", "ports"], [1, 2]), root, top)).toEqual([]);
  const after = withValue(withValue(before, ["archive", "hours"], 5), ["archive", "format"], { kind: "opus", bitrate_kbps: 32 });
  expect(changedPaths(before, after, root, top)).toEqual([["archive", "format"], ["archive", "hours"]]);
});

test("what has a page of its own is no line of the general form and no change of it", () => {
  expect(membersOf(root, archive).map((one) => one.name)).not.toContain("list");
  expect(elsewhereOf(root, archive).map((one) => [one.name, one.schema["x-page"]])).toEqual([["list", "lists"]]);
  expect(changedPaths({ archive: { list: [] } }, { archive: { list: [{}] } }, root, top)).toEqual([]);
});

test("choices stand in the order of their names, and those without one at the end", () => {
  const choice: Schema = { enum: ["a", "b", "c", "x"], "x-choices": { c: label, a: label, b: label } };
  expect(choicesOf(choice)).toEqual(["c", "a", "b", "x"]);
  expect(choicesOf({ enum: ["b", "a"] })).toEqual(["b", "a"]);
});
