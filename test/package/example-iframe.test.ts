/** examples/iframe without a browser, and in real ones: the app in a frame of the product, on another origin. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowsers } from "../browser/browsers.ts";
import { openPage, waitUntil } from "../browser/page.ts";
import { projectPath } from "../support/project.ts";

interface Started {
  readonly product: string;
  close(): void;
}

const PAGE = [
  'who is looking: 200 {"accountId":"user-1","issue":"DEMO-1"}',
  'save: 200 {"notes":1}',
  "who is looking, by the page's own URL: 401",
  "who is looking, by the session: 401",
  "save, by the product's token: 401",
  "save, by nobody: 401",
  "the token to another server: ERR_ORIGIN_NOT_ALLOWED",
];

test("in happy-dom", async () => {
  const main = projectPath("examples/iframe/main.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 50_000 });
  expect(stdout.trimEnd().split("\n")).toEqual(["the page with another URL: 401", ...PAGE]);
});

test("the README tells what happens", () => {
  expect(readFileSync(projectPath("examples/iframe/README.md"), "utf8")).toContain(`${PAGE.join("\n")}\n\`\`\``);
});

describeInBrowsers("examples/iframe", (browser) => {
  let started: Started;
  beforeAll(async () => {
    const { href } = pathToFileURL(projectPath("examples/iframe/serve.mjs"));
    const { start } = (await import(href)) as { start(): Promise<Started> };
    started = await start();
  });
  afterAll(() => started.close());

  test("the same lines", async () => {
    const { page, errors } = await openPage(browser(), `${started.product}/`);
    const frame = await (await page.waitForSelector("iframe"))?.contentFrame();
    const read = async (): Promise<string> =>
      (await frame?.evaluate(() => document.getElementById("out")?.textContent)) ?? "...";
    await waitUntil(async () => (await read()) !== "...", "the app's page to finish");
    expect((await read()).split("\n")).toEqual(PAGE);
    // The browser itself says that requests were answered with 401, which was on purpose.
    expect(errors.filter((error) => !error.includes("401"))).toEqual([]);
    await page.close();
  });
});
