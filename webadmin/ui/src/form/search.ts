/** Finding a setting by its key or any of its words, in either language. Pure. */
import { places, type Place } from "@/form/outline";
import { membersOf, resolve, type Schema, type Words } from "@/form/schema";

const DEPTH = 4;

const both = (text: Words | undefined): string[] => (text === undefined ? [] : typeof text === "string" ? [text] : [text.en, text.zh]);

/** What is looked for, word by word. */
export function wordsOf(wanted: string): string[] {
  return wanted.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

/** Everything that is written at a setting: its words and help, its choices, and the settings inside it. */
function writtenAt(root: Schema, schema: Schema, depth = 0): string[] {
  const own = [...both(schema["x-text"]), ...both(schema["x-help"]), ...Object.values(schema["x-choices"] ?? {}).flatMap(both)];
  if (depth >= DEPTH) return own;
  const inside = [schema, ...(schema.items ? [resolve(root, schema.items)] : []), ...(schema.anyOf ?? []).map((one) => resolve(root, one))];
  return [...own, ...inside.flatMap((one) => membersOf(root, one)).flatMap((one) => [one.name, ...writtenAt(root, one.schema, depth + 1)])];
}

/** How well a setting fits: 0 by its label, 1 by its key, 2 by its help or its place, null not at all. */
export function fit(root: Schema, place: Place, wanted: readonly string[]): number | null {
  const has = (texts: readonly string[]): boolean => {
    const written = texts.join("\n").toLowerCase();
    return wanted.every((word) => written.includes(word));
  };
  const keys = [place.leaf.key, place.leaf.key.replace(/[._]/g, " ")];
  if (has(both(place.leaf.schema["x-text"]))) return 0;
  if (has(keys)) return 1;
  const way = place.trail.flatMap((one) => [...both(one["x-text"]), ...both(one["x-help"])]);
  return has([...keys, ...way, ...writtenAt(root, place.leaf.schema)]) ? 2 : null;
}

/** The settings that fit, the best first, otherwise in the order of the form; none when nothing is looked for. */
export function findings(root: Schema, wanted: string): Place[] {
  const words = wordsOf(wanted);
  if (words.length === 0) return [];
  return places(root)
    .map((place) => ({ place, rank: fit(root, place, words) }))
    .filter((one) => one.rank !== null)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map((one) => one.place);
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** A text in pieces, those that are looked for told apart. */
export function marked(text: string, wanted: string): Piece[] {
  const words = wordsOf(wanted).sort((one, other) => other.length - one.length);
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  return text.split(pattern).map((part, at) => ({ text: part, hit: at % 2 === 1 })).filter((piece) => piece.text !== "");
}
