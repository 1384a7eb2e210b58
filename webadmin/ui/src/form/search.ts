/** Finding a setting by any of its words, in either language. Pure. */
import { membersOf, resolve, type Member, type Schema, type Words } from "@/form/schema";

const DEPTH = 4;

const both = (text: Words | undefined): string[] => (text === undefined ? [] : typeof text === "string" ? [text] : [text.en, text.zh]);

/** Everything that is written at a setting: its words and help, its choices, and the settings inside it. */
function writtenAt(root: Schema, member: Member, depth = 0): string[] {
  const { schema } = member;
  const own = [member.name.replaceAll("_", " "), ...both(schema["x-text"]), ...both(schema["x-help"]), ...Object.values(schema["x-choices"] ?? {}).flatMap(both)];
  if (depth >= DEPTH) return own;
  const inside = [schema, ...(schema.items ? [resolve(root, schema.items)] : []), ...(schema.anyOf ?? []).map((one) => resolve(root, one))];
  return [...own, ...inside.flatMap((one) => membersOf(root, one)).flatMap((one) => writtenAt(root, one, depth + 1))];
}

/** Whether every word that is looked for is written at the setting or is the name of its section. */
export function isFound(root: Schema, section: Member, member: Member, wanted: string): boolean {
  const words = wanted.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const written = [...both(section.schema["x-text"]), ...writtenAt(root, member)].join("\n").toLowerCase();
  return words.every((word) => written.includes(word));
}
