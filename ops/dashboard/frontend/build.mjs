// Makes ../static/vendor anew: the compiled style sheet, the scripts as their makers publish them, the licences,
// and vendored.json with the version, the licence and the SHA-256 of each file, and of each .scss that the style
// sheet was made of, so that a test tells a change of one from a build that was forgotten.
//
//   npm install --no-package-lock && npm run build
//
// Nobody needs Node to install or to run the hub: what this writes is committed.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as sass from "sass";

const OUT = join(import.meta.dirname, "..", "static", "vendor");
const PACKAGES = {
  "govuk-frontend": { "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js" },
  "@ministryofjustice/frontend": { "moj/assets/images/icon-document.svg": "images/icon-document.svg" },
  "htmx.org": { "dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx-LICENSE.txt" },
};
// The two MIT packages come without the text of their licence.
const COPYRIGHT = {
  "govuk-frontend": "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
  "@ministryofjustice/frontend": "Copyright (c) 2017 Crown Copyright (Ministry of Justice)",
};
const MIT = readFileSync(join(import.meta.dirname, "MIT.txt"), "utf8");

rmSync(OUT, { recursive: true, force: true });
mkdirSync(join(OUT, "images"), { recursive: true });
const files = {};

function keep(name, from, content) {
  writeFileSync(join(OUT, name), content);
  files[name] = { from, sha256: sha256(content) };
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

const packages = {};
for (const [name, wanted] of Object.entries(PACKAGES)) {
  const folder = join(import.meta.dirname, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  packages[name] = { version, license };
  for (const [inside, outside] of Object.entries(wanted)) {
    keep(outside, name, strip(readFileSync(join(folder, inside))));
  }
  if (name in COPYRIGHT) {
    keep(`${name.replace("@", "").replace("/", "-")}-LICENSE.txt`, name, `${COPYRIGHT[name]}\n\n${MIT}`);
  }
}
const style = sass.compile(join(import.meta.dirname, "main.scss"), {
  loadPaths: [import.meta.dirname],
  style: "compressed",
  quietDeps: true,
  logger: sass.Logger.silent,
});
keep("dashboard.css", "main.scss", style.css + "\n");
const sources = {};
for (const name of readdirSync(import.meta.dirname).filter((one) => one.endsWith(".scss")).sort()) {
  sources[name] = sha256(readFileSync(join(import.meta.dirname, name)));
}
writeFileSync(join(OUT, "vendored.json"), JSON.stringify({ packages, sources, files }, null, 2) + "\n");
console.log(`${Object.keys(files).length} files in ${OUT}`);

// A pointer to a map that is not there would be asked for by every browser with its tools open.
function strip(content) {
  return content.toString("utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
}
