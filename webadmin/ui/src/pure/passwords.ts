/** How good a new password is, for the hint below the field; the backend decides. Pure. */

export type Grade = "short" | "weak" | "fair" | "good" | "strong";

/** Judge by length and variety: repeats and runs ("aaaa", "1234") count once. */
export function grade(password: string, shortest: number, name = ""): Grade {
  const length = [...password].length;
  if (length < shortest) return "short";
  let effective = 0;
  let previous = 0;
  let step = NaN;
  for (const letter of password.toLowerCase()) {
    const code = letter.codePointAt(0) ?? 0;
    if (code - previous !== step || Math.abs(step) > 1) effective += 1;
    step = code - previous;
    previous = code;
  }
  const different = new Set(password.toLowerCase()).size;
  if (different < 5 || effective < 7 || (name !== "" && password.toLowerCase() === name.toLowerCase())) return "weak";
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const points = effective + 2 * kinds;
  return points >= 26 ? "strong" : points >= 19 ? "good" : "fair";
}
