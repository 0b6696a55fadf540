// Builds static/vendor/ from the pins in package.json: one ES module per package, the same bytes each time.
// Usage: npm ci --ignore-scripts && npm run build
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const OUT = join(HERE, "../../static/vendor");

/**
 * File under static/vendor/ → what it holds. Other modules of this list stay imports: the import map of the room finds
 * them. Workers have no import map; what only they need is imported by its path.
 */
const MODULES = {
  "preact.js": "preact",
  "preact-hooks.js": "preact/hooks",
  "htm-preact.js": "htm/preact",
  "preact-signals.js": "@preact/signals",
  "livekit-client.js": "livekit-client",
  "noble-sha2.js": "@noble/hashes/sha2.js",
  "selfie-segmentation.js": "@mediapipe/selfie_segmentation",
  "rnnoise.js": "@jitsi/rnnoise-wasm/dist/rnnoise-sync.js",
};

/** What a module fetches while it runs: files of its package, as they are. Of the two builds of a segmenter, that for SIMD. */
const FILES = {
  "@mediapipe/selfie_segmentation": [
    "selfie_segmentation.binarypb",
    "selfie_segmentation_landscape.tflite",
    "selfie_segmentation_solution_simd_wasm_bin.js",
    "selfie_segmentation_solution_simd_wasm_bin.wasm",
  ],
};

/** Of a package that leaves it out of its own description: see its file. @type {Record<string, string>} */
const LICENCES = { "node_modules/@jitsi/rnnoise-wasm": "Apache-2.0" };

/** @returns {Record<string, any>} the packages that end up in browsers: path in node_modules → lock entry */
function shipped() {
  const lock = JSON.parse(readFileSync(join(HERE, "package-lock.json"), "utf8"));
  const entries = Object.entries(lock.packages)
    .filter(([path, entry]) => path && !entry.dev && !entry.peer)
    .map(([path, entry]) => [path, { ...entry, license: entry.license ?? LICENCES[path] }]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param {string} path @param {any} entry */
function licence(path, entry) {
  const name = path.replace("node_modules/", "");
  const folder = join(HERE, path);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licensed under ${entry.license}.`;
  return `${name} ${entry.version} (${entry.license})\n${"=".repeat(72)}\n${text}\n`;
}

/** @param {string} file */
const sha256 = (file) => createHash("sha256").update(readFileSync(join(OUT, file))).digest("hex");

if (existsSync(OUT)) rmSync(OUT, { recursive: true });
mkdirSync(OUT, { recursive: true });
const own = Object.values(MODULES);
for (const [file, entry] of Object.entries(MODULES)) {
  await build({
    entryPoints: [entry],
    outfile: join(OUT, file),
    absWorkingDir: HERE,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    banner: { js: "// @ts-nocheck" },
    legalComments: "none", // every licence is in LICENSES.txt, in full
    external: own.filter((each) => each !== entry),
  });
}
for (const [name, files] of Object.entries(FILES)) for (const file of files) writeFileSync(join(OUT, file), readFileSync(join(HERE, "node_modules", name, file)));
const packages = shipped();
writeFileSync(join(OUT, "LICENSES.txt"), Object.entries(packages).map(([path, entry]) => licence(path, entry)).join("\n"));
const manifest = {
  modules: Object.fromEntries(
    Object.entries(MODULES).map(([file, entry]) => {
      const name = entry.split("/").slice(0, entry.startsWith("@") ? 2 : 1).join("/");
      const { version, license } = packages[`node_modules/${name}`];
      return [file, { import: entry, version, licence: license, sha256: sha256(file) }];
    }),
  ),
  files: Object.fromEntries(
    Object.entries(FILES).flatMap(([name, files]) => files.map((file) => [file, { package: name, version: packages[`node_modules/${name}`].version, sha256: sha256(file) }])),
  ),
  "LICENSES.txt": sha256("LICENSES.txt"),
};
writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(Object.keys(MODULES).join("\n"));
