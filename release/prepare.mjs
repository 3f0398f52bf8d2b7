/**
 * node release/prepare.mjs [notes.md]: what the release workflow does before it packs.
 *
 * Checks that tag, versions and changelog agree, and writes the repository that the workflow runs in into package.json:
 * npm refuses a provenance statement where the two differ, and nobody need edit a file to publish from a repository of
 * his own. With JSR_SCOPE in the environment, jsr.json gets that scope. The changelog's section becomes the notes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The section of a version in the changelog: its date, as written, and its text. */
export function sectionOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.startsWith(`[${version}]`));
  const [heading = "", ...lines] = section?.split("\n") ?? [];
  return section && { date: heading.split(" - ")[1]?.trim() ?? "", text: lines.join("\n").trim() };
}

/** Everything that stands in the way of a release, as sentences. */
export function obstacles({ tag, repository, manifest, jsr, lock, changelog }) {
  const found = [];
  const { version } = manifest;
  if (tag !== `v${version}`) found.push(`the tag is ${tag}, and package.json says ${version}`);
  if (jsr.version !== version) found.push(`jsr.json says ${jsr.version}, and package.json ${version}`);
  if (lock.version !== version || lock.packages[""].version !== version)
    found.push(`package-lock.json says ${lock.version}, and package.json ${version}`);
  const section = sectionOf(changelog, version);
  if (section === undefined) found.push(`CHANGELOG.md has no section [${version}]`);
  else if (!/^\d{4}-\d\d-\d\d$/.test(section.date))
    found.push(`CHANGELOG.md has no date at [${version}]: "${section.date}"`);
  else if (section.text === "") found.push(`CHANGELOG.md says nothing of ${version}`);
  const own = manifest.repository?.url;
  if (own !== undefined && own !== repository) found.push(`package.json is of ${own}, and this is ${repository}`);
  return found;
}

/** package.json with its repository, and where people find the project. */
export function stamped(manifest, repository) {
  const page = repository.replace(/^git\+/, "").replace(/\.git$/, "");
  return {
    ...manifest,
    repository: { type: "git", url: repository },
    homepage: manifest.homepage ?? `${page}#readme`,
    bugs: manifest.bugs ?? { url: `${page}/issues` },
  };
}

/** jsr.json in another scope. */
export function scoped(jsr, scope) {
  return { ...jsr, name: `@${scope.replace(/^@/, "")}/${jsr.name.split("/")[1]}` };
}

async function main(notes) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_REF_NAME: tag, JSR_SCOPE: scope } = process.env;
  if (!server || !name || !tag)
    throw new Error("GITHUB_SERVER_URL, GITHUB_REPOSITORY and GITHUB_REF_NAME say what is released");
  const pathOf = (file) => join(fileURLToPath(new URL("../", import.meta.url)), file);
  const read = async (file) => JSON.parse(await readFile(pathOf(file), "utf8"));
  const write = (file, value) => writeFile(pathOf(file), `${JSON.stringify(value, null, 2)}\n`);
  const changelog = await readFile(pathOf("CHANGELOG.md"), "utf8");
  const [manifest, jsr, lock] = await Promise.all(["package.json", "jsr.json", "package-lock.json"].map(read));
  const repository = `git+${server}/${name}.git`;
  const found = obstacles({ tag, repository, manifest, jsr, lock, changelog });
  if (found.length > 0) {
    for (const sentence of found) console.error(sentence);
    process.exitCode = 1;
    return;
  }
  await write("package.json", stamped(manifest, repository));
  if (scope) await write("jsr.json", scoped(jsr, scope));
  if (notes !== undefined) await writeFile(notes, `${sectionOf(changelog, manifest.version).text}\n`);
  console.log(`${manifest.name} ${manifest.version}, of ${repository}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv[2]);
