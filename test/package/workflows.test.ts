/** What runs with rights of its own is pinned, may do what it must and nothing more, and runs commands that exist. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectPath } from "../support/project.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (path: string): string => readFileSync(projectPath(path), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
const files = readdirSync(projectPath(".github/workflows")).sort();
const workflows = new Map(files.map((name) => [name, parse(read(`.github/workflows/${name}`)) as Workflow]));
const workflow = (name: string): Workflow => workflows.get(name) ?? { name: "", on: {}, jobs: {} };
const jobs = [...workflows].flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ name: `${file}: ${name}`, job, steps: job.steps ?? [] })),
);

/** An action of others by a whole commit, with the version that it is told to be. */
const PINNED = /^ *(?:- )?uses: [\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const OWN = /^ *(?:- )?uses: \.\/[\w./-]+$/;

describe("every workflow", () => {
  test("is one of three", () => {
    expect(files).toEqual(["ci.yml", "nightly.yml", "release.yml"]);
  });

  test("uses what is pinned by its commit, one commit each", () => {
    const lines = files.flatMap((name) => read(`.github/workflows/${name}`).split("\n"));
    const uses = lines.filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(10);
    expect(uses.filter((line) => !PINNED.test(line) && !OWN.test(line))).toEqual([]);
    const pins = uses.filter((line) => PINNED.test(line)).map((line) => line.trim().replace(/^- /, ""));
    const actions = new Set(pins.map((line) => line.split("@")[0]));
    expect(new Set(pins).size).toBe(actions.size);
  });

  test("calls only workflows that are here", () => {
    const called = jobs.flatMap(({ job }) => job.uses ?? []);
    expect(called.map((path) => statSync(projectPath(path)).isFile())).toEqual(called.map(() => true));
    expect(called).toContain("./.github/workflows/ci.yml");
  });

  test("gives nothing to all, and to each job what it says", () => {
    for (const { permissions } of workflows.values()) expect(permissions).toEqual({});
    expect(jobs.filter(({ job }) => job.permissions === undefined).map(({ name }) => name)).toEqual([]);
    const rights = jobs.map(({ name, job }) => [name, job.permissions]);
    expect(Object.fromEntries(rights)).toEqual({
      "ci.yml: prove": { contents: "read" },
      "nightly.yml: mutate": { contents: "read" },
      "nightly.yml: fuzz": { contents: "read" },
      "release.yml: prove": { contents: "read" },
      "release.yml: pack": { contents: "read" },
      "release.yml: npm": { "id-token": "write" },
      "release.yml: jsr": { contents: "read", "id-token": "write" },
      "release.yml: github": { contents: "write" },
    });
  });

  test("ends, keeps no credentials, and knows no secret", () => {
    const own = jobs.filter(({ job }) => job.uses === undefined);
    expect(own.filter(({ job }) => job["timeout-minutes"] === undefined).map(({ name }) => name)).toEqual([]);
    const checkouts = own.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")));
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
    expect(files.filter((name) => /\bsecrets\b/.test(read(`.github/workflows/${name}`)))).toEqual([]);
  });

  test("puts nothing that others may write into a command", () => {
    const commands = jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
    expect([...workflows.values()].flatMap(({ on }) => Object.keys(on))).not.toContain("pull_request_target");
  });

  test("runs commands that exist", () => {
    const commands = jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    const named = commands.flatMap((command) => [...command.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)]);
    const names = named.map(([, script, own]) => script ?? own ?? "");
    expect(names).toEqual(expect.arrayContaining(["build", "package", "mutate", "fuzz"]));
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const own = commands.flatMap((command) => command.match(/(?:\.ci\/\S+|\brelease\/\S+)/g) ?? []);
    expect(own).toEqual(expect.arrayContaining([".ci/run", "release/prepare.mjs"]));
    for (const path of own) expect(statSync(projectPath(path)).isFile()).toBe(true);
    expect(statSync(projectPath(".ci/run")).mode & 0o111).not.toBe(0);
  });
});

describe("the release", () => {
  const { on, jobs: all } = workflow("release.yml");
  const commandsOf = (name: string): string[] => all[name]?.steps?.flatMap(({ run }) => run ?? []) ?? [];

  test("is proven before it is packed, and packed before it is published", () => {
    expect(Object.keys(on)).toEqual(["push"]);
    expect(on["push"]).toEqual({ tags: [expect.stringMatching(/^v/)] });
    expect(Object.entries(all).map(([name, { needs }]) => [name, needs])).toEqual([
      ["prove", undefined],
      ["pack", "prove"],
      ["npm", "pack"],
      ["jsr", "npm"],
      ["github", "npm"],
    ]);
  });

  test("is published with provenance, by a job that runs none of the tools of others", () => {
    expect(commandsOf("npm")).toEqual([
      expect.stringMatching(/^npm publish \.\/\S+\.tgz .*--provenance --access public/),
    ]);
    expect(all["npm"]?.steps?.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
    expect(all["jsr"]?.steps?.flatMap(({ run }) => run ?? [])).toContain("npm ci --ignore-scripts");
    expect([all["npm"]?.environment, all["jsr"]?.environment]).toEqual(["npm", "jsr"]);
  });

  test("is prepared before it is built", () => {
    const commands = commandsOf("pack");
    const places = ["npm ci", "node release/prepare.mjs", "npm run build", "npm run package", "npm pack"].map((start) =>
      commands.findIndex((command) => command.startsWith(start)),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
});
