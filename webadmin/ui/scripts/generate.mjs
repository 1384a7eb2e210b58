/* Writes what the page takes over from the backend: the keys of its texts and the types of its API.
 *
 * `npm run generate` after a sentence or a resource was added; PYTHON= names another interpreter.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import openapi, { astToString } from "openapi-typescript";

const page = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(page, "..", "..");
const python = process.env.PYTHON ?? join(root, ".venv", "bin", "python");

const ask = (code) => JSON.parse(execFileSync(python, ["-c", code], { cwd: root, encoding: "utf8" }));
const head = "// Made by `npm run generate`; do not edit.\n";

const keys = ask("import json\nfrom webadmin.texts import all_texts\nprint(json.dumps(sorted(all_texts())))");
writeFileSync(
  join(page, "src", "texts.gen.ts"),
  `${head}\nexport type TextKey =\n${keys.map((key) => `  | ${JSON.stringify(key)}`).join("\n")};\n`,
);

// The archive leaves defaults out of its manifests: a member with a default may be absent.
const document = ask("import json\nfrom webadmin.openapi import document\nfrom webadmin.routes import PREFIX, ROUTES, SOCKETS\nprint(json.dumps(document(ROUTES, SOCKETS, PREFIX)))");
writeFileSync(join(page, "src", "api", "types.gen.ts"), head + astToString(await openapi(document, { defaultNonNullable: false })));
