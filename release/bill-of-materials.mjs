/**
 * The bill of materials of the built package, in CycloneDX: what of others is in it, with version, licence and hash.
 *
 * `dependencies` of package.json is empty, so npm's own bill would be empty too; what is bundled is found by bundling.
 * The same sources make the same bytes: there is no time in it, and its serial number is the hash of what it says.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

/** The packages of `node_modules` that a bundle of these files holds code of, with their places in the lockfile. */
async function bundled(entryPoints) {
  const { metafile } = await build({
    entryPoints,
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: "out",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", "jwt-qsh*"],
    metafile: true,
    logLevel: "error",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = used.map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(packages.filter((path) => path !== undefined))].sort();
}

function purl({ name, version }) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function componentOf({ name, version, description, license }, more = {}) {
  const [unscoped, group] = name.split("/").reverse();
  return {
    type: "library",
    "bom-ref": purl({ name, version }),
    ...(group && { group }),
    name: unscoped,
    version,
    description,
    ...more,
    licenses: [{ license: { id: license } }],
    purl: purl({ name, version }),
  };
}

/** A UUID of version 8 (RFC 9562 section 5.8): one of the maker's own, here a hash. */
function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex[16], 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

/**
 * @param entryPoints the files that the build opens on
 * @returns the bill, as text
 */
export async function billOfMaterials(entryPoints) {
  const read = async (path) => JSON.parse(await readFile(join(root, path), "utf8"));
  const { packages } = await read("package-lock.json");
  const components = [];
  for (const path of await bundled(entryPoints)) {
    const [algorithm, digest] = packages[path].integrity.split("-");
    const hashes = [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }];
    components.push(componentOf(await read(`${path}/package.json`), { scope: "required", hashes }));
  }
  const whole = componentOf(await read("package.json"));
  const parts = components.map((component) => component["bom-ref"]);
  const bill = {
    version: 1,
    metadata: { lifecycles: [{ phase: "build" }], component: whole },
    components,
    dependencies: [{ ref: whole["bom-ref"], dependsOn: parts }, ...parts.map((ref) => ({ ref, dependsOn: [] }))],
    compositions: [{ aggregate: "complete", dependencies: [whole["bom-ref"], ...parts] }],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bill))}`;
  const head = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
  };
  return `${JSON.stringify({ ...head, serialNumber, ...bill }, null, 2)}\n`;
}

/** Writes the bill of what is built from these files. */
export async function writeBillOfMaterials(path, entryPoints) {
  await writeFile(path, await billOfMaterials(entryPoints));
}
