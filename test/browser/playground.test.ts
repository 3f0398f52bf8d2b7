/**
 * The playground in real browsers: typed into, pasted into, read; and nothing leaves.
 */
import { createHash, createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";
import { describeInBrowsers } from "./browsers.ts";
import { field, openPage, paste, textOf, typeInto, waitForText, waitUntil } from "./page.ts";
import { serve } from "./server.ts";
import type { TestServer } from "./server.ts";

const SECRET = "a-secret-that-is-long-enough-for-hs256";
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function mint(canonical: string, secret = SECRET): string {
  const iat = Math.floor(Date.now() / 1000);
  const qsh = createHash("sha256").update(canonical).digest("hex");
  const input = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: "com.example.app", iat, exp: iat + 180, qsh })}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

let html: string;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-"));
  const { buildPlayground } = (await import(pathToFileURL(projectPath("examples/playground/build.mjs")).href)) as {
    buildPlayground(folder: URL, alias: Record<string, string>): Promise<string>;
  };
  html = await buildPlayground(pathToFileURL(`${folder}/`), {
    "jwt-qsh": projectPath("src/index.ts"),
    "jwt-qsh/connect": projectPath("src/connect/index.ts"),
  });
  server = await serve((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(request.url === "/phone" ? '<!doctype html><iframe src="/" width="360" height="740" style="border:0"></iframe>' : html);
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const TOKEN = "Token, header, curl command or raw request";
const at = (host = "127.0.0.1"): string => `http://${host}:${server.port}/`;
const verdict = (page: Page, text: string): Promise<void> => waitForText(page, "#verdict", text);
const isValid = async (page: Page): Promise<void> => void (await page.waitForSelector("#verdict[data-verdict=valid]"));

describeInBrowsers("the playground", (browser) => {
  test("tells the cause of a request that is pasted whole", async () => {
    const { page, requests, errors } = await openPage(browser(), at());
    const token = mint("GET&/wiki/rest/api/content&a=1&b=2");
    await paste(page, TOKEN, `GET /wiki/rest/api/content?b=2&a=1 HTTP/1.1\nHost: example.atlassian.net\nAuthorization: JWT ${token}\n`);
    await typeInto(page, "Base URL", "https://example.atlassian.net/wiki");
    await verdict(page, "This is refused");
    await verdict(page, "The path of the base URL is still in the hashed path.");
    expect(await (await field(page, "URL or raw target")).evaluate((input) => input.value)).toBe("/wiki/rest/api/content?b=2&a=1");
    expect(await textOf(page, ".line.signed .text")).toBe("GET&/wiki/rest/api/content&a=1&b=2");
    expect(await textOf(page, "#computed-qsh")).toBe(createHash("sha256").update("GET&/rest/api/content&a=1&b=2").digest("hex"));
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([at()]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("verifies with a secret, live, and names what was done to it", async () => {
    const { page } = await openPage(browser(), at());
    await paste(page, TOKEN, mint("GET&/x&", `${SECRET}\n`));
    await paste(page, "URL or raw target", "/x");
    await verdict(page, "Nothing is wrong so far");
    await typeInto(page, "Shared secret, or public key", SECRET);
    await verdict(page, "signed with a line break");
    await paste(page, TOKEN, mint("GET&/x&"));
    await verdict(page, "Nothing is wrong");
    await isValid(page);
    await page.close();
  });

  test("shows every sample as what it is called", async () => {
    const { page, errors } = await openPage(browser(), at());
    const expected = ["hashed path", "plus sign", "sorted by their decoded form", "written twice", "app key belongs", "from the future", "line break", "Everything that can be checked"];
    for (const [i, text] of expected.entries()) {
      await page.select("#sample", String(i));
      await verdict(page, text);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("signs what it then finds nothing wrong with", async () => {
    const { page } = await openPage(browser(), at());
    await page.click("#tab-sign");
    const within = "#panel-sign";
    await paste(page, "URL", "https://example.atlassian.net/wiki/rest?b=2&a=1", within);
    await paste(page, "Base URL", "https://example.atlassian.net/wiki", within);
    await paste(page, "App key", "com.example.app", within);
    await paste(page, "Shared secret", SECRET, within);
    await page.waitForSelector("#sign-verdict[data-verdict=valid]");
    const header = await textOf(page, "#signed [aria-label='Authorization header']");
    const [, input = "", signature] = /^JWT ([\w-]+\.[\w-]+)\.([\w-]+)$/.exec(header) ?? [];
    expect(createHmac("sha256", SECRET).update(input).digest("base64url")).toBe(signature);
    const claims = JSON.parse(Buffer.from(input.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({ iss: "com.example.app", qsh: createHash("sha256").update("GET&/rest&a=1&b=2").digest("hex") });
    await page.close();
  });

  test("lets nothing out, whatever is tried from within", async () => {
    const { page } = await openPage(browser(), at());
    await paste(page, TOKEN, mint("GET&/x&"));
    const before = server.asked.length;
    const outcome = await page.evaluate(async () => {
      const sent: string[] = [];
      const attempt = async (name: string, leak: () => unknown): Promise<void> => {
        try {
          if ((await leak()) !== false) sent.push(name);
        } catch {
          // Blocked.
        }
      };
      await attempt("fetch", () => fetch("/leak?fetch"));
      await attempt("xhr", () => new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.addEventListener("load", () => resolve(true));
        xhr.addEventListener("error", () => resolve(false));
        xhr.open("GET", "/leak?xhr");
        xhr.send();
      }));
      await attempt("image", () => new Promise((resolve) => {
        const image = new Image();
        image.addEventListener("load", () => resolve(true));
        image.addEventListener("error", () => resolve(false));
        image.src = "/leak?image";
      }));
      await attempt("beacon", () => {
        navigator.sendBeacon("/leak?beacon", "x");
        return false;
      });
      await attempt("form", () => {
        const form = document.createElement("form");
        form.action = "/leak";
        document.body.append(form);
        form.submit();
        return false;
      });
      const frame = document.createElement("iframe");
      frame.src = "/leak?frame";
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return sent;
    });
    expect(outcome).toEqual([]);
    expect(server.asked.slice(before)).toEqual([]);
    await page.close();
  });

  test("shares a link without token, secret, keys and values", async () => {
    const { page } = await openPage(browser(), at());
    await paste(page, TOKEN, mint("GET&/x&"));
    await paste(page, "URL or raw target", "/x?a=canary&jwt=canary");
    await paste(page, "App key", "canary");
    await paste(page, "clientKey", "canary");
    await paste(page, "Shared secret, or public key", `canary-${SECRET}`);
    await page.click("#share");
    await waitUntil(() => page.evaluate(() => location.hash !== ""), "a link");
    expect(decodeURIComponent(page.url())).toMatch(/#mode=explain&method=GET&url=\/x\?a=$/);
    await page.close();
  });

  test("is used with the keyboard alone", async () => {
    const { page } = await openPage(browser(), at());
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the verdict");
    await page.focus("#tab-explain");
    await page.keyboard.press("ArrowRight");
    expect(await page.$eval("#tab-sign", (tab) => tab.getAttribute("aria-selected"))).toBe("true");
    expect(await page.$$eval("[role=tabpanel]:not([hidden])", (panels) => panels.map(({ id }) => id))).toEqual(["panel-sign"]);
    await page.keyboard.press("Home");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("token");
    await page.close();
  });

  test("names every field, and says the verdict aloud", async () => {
    const { page } = await openPage(browser(), at());
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input, textarea, select")]
        .filter(({ labels }) => labels?.length !== 1)
        .map(({ id }) => id),
    );
    expect(unnamed).toEqual([]);
    const buttons = await page.evaluate(() => [...document.querySelectorAll("button")].filter((button) => (button.textContent || button.getAttribute("aria-label")) === null).length);
    expect(buttons).toBe(0);
    expect(await page.$eval("#verdict", (element) => element.getAttribute("aria-live"))).toBe("polite");
    await page.close();
  });

  test("fits a phone", async () => {
    // In a frame as wide as a phone: not every driver can change the size of a window.
    const { page } = await openPage(browser(), `${at()}phone`);
    const frame = await (await page.waitForSelector("iframe"))?.contentFrame();
    await frame?.select("#sample", "3");
    await waitUntil(async () => (await frame?.$("#verdict[data-verdict=invalid]")) != null, "a verdict");
    expect(await frame?.evaluate(() => innerWidth)).toBe(360);
    expect(await frame?.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.close();
  });

  test("does the same on an insecure origin, without WebCrypto", async () => {
    const { page, errors } = await openPage(browser(), at("playground.test"));
    expect(await page.evaluate(() => globalThis.crypto.subtle === undefined)).toBe(true);
    await paste(page, TOKEN, mint("GET&/x&"));
    await paste(page, "URL or raw target", "/x");
    await paste(page, "Shared secret, or public key", SECRET);
    await isValid(page);
    await page.select("#sample", "1");
    await verdict(page, "plus sign");
    expect(errors).toEqual([]);
    await page.close();
  });
});
