/** The bill of materials in `dist`: valid by CycloneDX's own schema, true, and the same from the same sources. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { billOfMaterials } from "../../release/bill-of-materials.mjs";
import { entry } from "../../tsup.config.ts";
import { projectPath } from "../support/project.ts";

interface Component {
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}
interface Package {
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
}

const read = (path: string): string => readFileSync(projectPath(path), "utf8");
const text = read("dist/sbom.cdx.json");
const bill = JSON.parse(text) as Bill;
const manifest = JSON.parse(read("package.json")) as { version: string; license: string };
const { packages } = JSON.parse(read("package-lock.json")) as { packages: Readonly<Record<string, Package>> };

/** The packages whose modules the sources import by name. */
function imported(): string[] {
  const files = readdirSync(projectPath("src"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const specifiers = files.flatMap((path) =>
    ts.preProcessFile(read(`src/${path}`)).importedFiles.map((file) => file.fileName),
  );
  const bare = specifiers.filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"));
  return [...new Set(bare.map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier))].sort();
}

const nameOf = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

describe("the bill of materials", () => {
  const schemaOf = (name: string): object =>
    JSON.parse(read(`node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`)) as object;
  // The schemas name each other by file. Two formats of an older draft are for members that are not used here.
  const ajv = new Ajv({
    strict: false,
    formats: { "iri-reference": true, "idn-email": true },
    schemas: Object.fromEntries(
      ["spdx", "jsf-0.82"].map((name) => [`http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`, schemaOf(name)]),
    ),
  });
  formats.default(ajv);
  const validate = ajv.compile(schemaOf("bom-1.6"));

  test("is valid by the schema of its version", () => {
    expect([bill.bomFormat, bill.specVersion]).toEqual(["CycloneDX", "1.6"]);
    validate(bill);
    expect(validate.errors).toBeNull();
  });

  test("by a schema that refuses", () => {
    const [component] = bill.components;
    const refused: unknown[] = [
      { ...bill, bomFormat: "SPDX" },
      { ...bill, serialNumber: "1" },
      { ...bill, components: [{ ...component, type: "thing" }] },
      { ...bill, components: [{ ...component, hashes: [{ alg: "SHA-512", content: "x" }] }] },
      { ...bill, components: [{ ...component, licenses: [{ license: { id: "MY-OWN" } }] }] },
    ];
    expect(refused.map((one) => validate(one))).toEqual(refused.map(() => false));
  });

  test("is of this package", () => {
    const { component } = bill.metadata;
    expect(component.purl).toBe(`pkg:npm/jwt-qsh@${manifest.version}`);
    expect(component.licenses).toEqual([{ license: { id: manifest.license } }]);
  });

  test("names what the sources import, and nothing else", () => {
    expect(imported()).toEqual(["@noble/hashes"]);
    expect(bill.components.map(nameOf)).toEqual(imported());
  });

  test("says version, licence and hash as the lockfile does", () => {
    const said = bill.components.map(({ name, version, purl, licenses, hashes = [], ...rest }) => {
      const [hash] = hashes;
      const integrity = `sha512-${Buffer.from(hash?.content ?? "", "hex").toString("base64")}`;
      expect([hashes.length, hash?.alg, purl]).toEqual([
        1,
        "SHA-512",
        `pkg:npm/%40${rest.group?.slice(1)}/${name}@${version}`,
      ]);
      return { version, license: licenses[0]?.license.id, integrity };
    });
    const known = bill.components.map((component) => packages[`node_modules/${nameOf(component)}`]);
    expect(said).toEqual(
      known.map((one) => ({ version: one?.version, license: one?.license, integrity: one?.integrity })),
    );
  });

  test("is the same when it is made again, and another when there is more in it", async () => {
    const sources = [...Object.values(entry), "src/cli/main.ts", "examples/playground/src/main.mjs"];
    expect(await billOfMaterials(sources)).toBe(text);
    const more = JSON.parse(await billOfMaterials([...sources, "node_modules/jose/dist/webapi/index.js"])) as Bill & {
      serialNumber: string;
    };
    expect(more.components.map(nameOf)).toEqual(["@noble/hashes", "jose"]);
    expect(more.serialNumber).not.toBe((bill as typeof more).serialNumber);
    expect(text).not.toMatch(/timestamp|\d{4}-\d\d-\d\dT/);
  });
});
