/** The form's outline: sections, the blocks inside them, and every setting with its path. Pure. */
import { allMembers, elsewhereOf, membersOf, resolve, shapeOf, type Member, type Schema } from "@/form/schema";
import { PAGES } from "@/pages";

export interface Leaf {
  path: string[];
  key: string;
  schema: Schema;
}

/** A section's own settings, or those of a section inside it. */
export interface Block {
  path: string[];
  schema: Schema;
  leaves: Leaf[];
}

export interface Section extends Member {
  blocks: Block[];
  elsewhere: Member[];
}

function blocksOf(root: Schema, schema: Schema, path: string[]): Block[] {
  const members = membersOf(root, schema);
  const isSection = (member: Member): boolean => shapeOf(root, member.schema) === "section";
  const leaves = members.filter((member) => !isSection(member)).map((member) => leafOf(member, path));
  return [{ path, schema, leaves }, ...members.filter(isSection).flatMap((member) => blocksOf(root, member.schema, [...path, member.name]))];
}

function leafOf(member: Member, path: string[]): Leaf {
  const own = [...path, member.name];
  return { path: own, key: own.join("."), schema: member.schema };
}

/** What the general form of settings shows. */
export function outline(root: Schema): Section[] {
  return membersOf(root, resolve(root, root))
    .filter((member) => shapeOf(root, member.schema) === "section")
    .map((member) => ({
      ...member,
      blocks: blocksOf(root, member.schema, [member.name]).filter((block, at) => at === 0 || block.leaves.length > 0),
      elsewhere: elsewhereOf(root, member.schema),
    }));
}

export interface Place {
  leaf: Leaf;
  /** The schemas on the way, outermost first, the setting itself left out. */
  trail: Schema[];
  /** The page that edits it, null for the general form. */
  page: string | null;
}

/** Every setting there is, those with pages of their own included where there are such pages. */
export function places(root: Schema): Place[] {
  return placesIn(root, resolve(root, root), [], [], null);
}

function placesIn(root: Schema, schema: Schema, path: string[], trail: Schema[], page: string | null): Place[] {
  return allMembers(root, schema).flatMap((member) => {
    const wanted = member.schema["x-page"] ?? page;
    if (wanted !== null && !PAGES.some((one) => one.name === wanted)) return [];
    const leaf = leafOf(member, path);
    if (shapeOf(root, member.schema) !== "section") return [{ leaf, trail, page: wanted }];
    return placesIn(root, member.schema, leaf.path, [...trail, member.schema], wanted);
  });
}

/** The setting that an error's path belongs to: `archive.format.bitrate_kbps` is part of `archive.format`. */
export function settingAt(root: Schema, field: string): string | null {
  const path = field.replace(/^\$\.?/, "").replace(/^settings\./, "").replace(/\[\d*\]/g, "");
  const within = (key: string): boolean => path === key || path.startsWith(`${key}.`);
  return outline(root).flatMap((section) => section.blocks).flatMap((block) => block.leaves).find((leaf) => within(leaf.key))?.key ?? null;
}
