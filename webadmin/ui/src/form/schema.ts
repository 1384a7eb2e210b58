/** Walking the settings' JSON Schema: what each setting is, and reading and writing values by path. Pure. */

import { PAGES } from "@/pages";

export type Words = { en: string; zh: string } | string;
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Values = { [name: string]: Value };

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  title?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  enum?: (string | number)[];
  const?: string;
  default?: Value;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  readOnly?: boolean;
  "x-text"?: Words;
  "x-help"?: Words;
  "x-unit"?: string;
  "x-reload"?: string;
  "x-page"?: string;
  "x-secret"?: boolean;
  "x-choices"?: Record<string, Words>;
}

export type Shape = "section" | "switch" | "number" | "text" | "secret" | "choice" | "list" | "items" | "variant";

export interface Variant {
  tag: string;
  schema: Schema;
}

/** Follow `$ref`, keeping what stands beside it: a setting's own words come before its type's. */
export function resolve(root: Schema, schema: Schema): Schema {
  let found = schema;
  for (let depth = 0; found.$ref && depth < 8; depth += 1) {
    const { $ref, ...own } = found;
    const target = root.$defs?.[$ref.replace("#/$defs/", "")] ?? {};
    found = { ...target, ...own };
  }
  return found;
}

export function words(text: Words | undefined, language: "en" | "zh", fallback = ""): string {
  if (text === undefined) return fallback;
  return typeof text === "string" ? text : text[language];
}

/** The values of a choice, in the order in which they are named; the schema itself sorts them by letters. */
export function choicesOf(schema: Schema): (string | number)[] {
  const values = schema.enum ?? [];
  const order = Object.keys(schema["x-choices"] ?? {});
  const place = (value: string | number): number => (order.includes(String(value)) ? order.indexOf(String(value)) : order.length);
  return [...values].sort((one, other) => place(one) - place(other));
}

/** The name of the member that tells variants apart, and its value in this one. */
export function tagOf(schema: Schema): { name: string; tag: string } | null {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const tag = member.const ?? (member.enum?.length === 1 ? member.enum[0] : undefined);
    if (typeof tag === "string") return { name, tag };
  }
  return null;
}

export function variantsOf(root: Schema, schema: Schema): Variant[] {
  return (schema.anyOf ?? []).flatMap((option) => {
    const found = resolve(root, option);
    const tag = tagOf(found);
    return tag ? [{ tag: tag.tag, schema: found }] : [];
  });
}

export function shapeOf(root: Schema, schema: Schema): Shape {
  if (schema["x-secret"]) return "secret";
  if (schema.enum) return "choice";
  if (variantsOf(root, schema).length > 0) return "variant";
  if (schema.type === "object") return "section";
  if (schema.type === "array") return hasMembers(root, schema) ? "items" : "list";
  if (schema.type === "boolean") return "switch";
  return schema.type === "integer" || schema.type === "number" ? "number" : "text";
}

/** Whether a list holds things with settings of their own, not plain values. */
function hasMembers(root: Schema, schema: Schema): boolean {
  const one = schema.items ? resolve(root, schema.items) : {};
  return one.type === "object" || variantsOf(root, one).length > 0;
}

export interface Member {
  name: string;
  schema: Schema;
}

/** The settings of an object in order, without what is not for people to set. */
export function allMembers(root: Schema, schema: Schema): Member[] {
  const tag = tagOf(schema)?.name;
  return Object.entries(schema.properties ?? {})
    .map(([name, member]) => ({ name, schema: resolve(root, member) }))
    .filter((member) => member.name !== tag && !member.schema.readOnly && member.schema["x-text"] !== undefined);
}

/** The settings of an object in order, without what is not for people to set or has a page of its own. */
export function membersOf(root: Schema, schema: Schema): Member[] {
  return allMembers(root, schema).filter((member) => member.schema["x-page"] === undefined);
}

/** The settings of an object that are edited on pages of their own, where there is such a page. */
export function elsewhereOf(root: Schema, schema: Schema): Member[] {
  return allMembers(root, schema).filter((member) => PAGES.some((page) => page.name === member.schema["x-page"]));
}

/** A fresh value of a variant: its tag and its defaults. */
export function newVariant(variant: Variant, root: Schema): Values {
  const tag = tagOf(variant.schema);
  const value: Values = tag ? { [tag.name]: tag.tag } : {};
  for (const member of membersOf(root, variant.schema)) {
    if (member.schema.default !== undefined) value[member.name] = member.schema.default;
  }
  return value;
}

export function valueAt(values: Value | undefined, path: readonly string[]): Value | undefined {
  let found: Value | undefined = values;
  for (const name of path) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    found = found[name];
  }
  return found;
}

/** A copy with one value replaced; what is not on the way is shared. */
export function withValue(values: Values, path: readonly string[], value: Value): Values {
  const [name, ...rest] = path;
  if (name === undefined) return values;
  if (rest.length === 0) return { ...values, [name]: value };
  const inner = values[name];
  const base = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
  return { ...values, [name]: withValue(base, rest, value) };
}

/** Paths whose values differ; lists and variants count as one. */
export function changedPaths(before: Values, after: Values, root: Schema, schema: Schema, path: string[] = [], members = membersOf(root, schema)): string[][] {
  return members.flatMap((member) => {
    const here = [...path, member.name];
    if (shapeOf(root, member.schema) === "section") return changedPaths(before, after, root, member.schema, here);
    const same = JSON.stringify(valueAt(before, here)) === JSON.stringify(valueAt(after, here));
    return same ? [] : [here];
  });
}
