/** The tree of departments as a list that is read from top to bottom. */
import type { Department } from "@/api/types";

export interface Branch {
  department: Department;
  depth: number;
  /** The names from the top down to this one. */
  path: string[];
}

/** Parents before children, siblings by name; what hangs in the air or in a ring is left out of nothing: it stands at the top. */
export function flat(departments: readonly Department[]): Branch[] {
  const below = new Map<number | null, Department[]>();
  const known = new Set(departments.map((one) => one.id));
  for (const one of departments) {
    const parent = one.parent_id !== null && known.has(one.parent_id) ? one.parent_id : null;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const found: Branch[] = [];
  const seen = new Set<number>();
  const walk = (department: Department, depth: number, above: string[]): void => {
    if (seen.has(department.id)) return;
    seen.add(department.id);
    const path = [...above, department.name];
    found.push({ department, depth, path });
    for (const child of below.get(department.id) ?? []) walk(child, depth + 1, path);
  };
  for (const top of below.get(null) ?? []) walk(top, 0, []);
  for (const rest of departments) walk(rest, 0, []);
  return found;
}

/** A department and everything below it: where it cannot be moved. */
export function subtree(departments: readonly Department[], id: number): Set<number> {
  const found = new Set([id]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const one of departments) {
      if (one.parent_id !== null && found.has(one.parent_id) && !found.has(one.id)) {
        found.add(one.id);
        grown = true;
      }
    }
  }
  return found;
}

/** The branches whose name contains a text, each with those above it so that the tree stays one. */
export function narrowed(branches: readonly Branch[], text: string): Branch[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [...branches];
  const kept = new Set<number>();
  const parents = new Map(branches.map(({ department }) => [department.id, department.parent_id]));
  for (const { department } of branches) {
    if (!department.name.toLowerCase().includes(wanted)) continue;
    let at: number | null | undefined = department.id;
    while (at !== null && at !== undefined && !kept.has(at)) {
      kept.add(at);
      at = parents.get(at);
    }
  }
  return branches.filter(({ department }) => kept.has(department.id));
}
