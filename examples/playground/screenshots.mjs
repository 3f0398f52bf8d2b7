// Takes the pictures of the README: phone and desktop, light and dark.
//
//   npm run build && node examples/playground/screenshots.mjs
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "puppeteer-core";
import { buildPlayground } from "./build.mjs";

const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), "playground-"))}/`);
await buildPlayground(folder);
const html = await readFile(new URL("index.html", folder));
const server = createServer((_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(html));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--hide-scrollbars"] });
const sizes = { desktop: { width: 1280, height: 1000, deviceScaleFactor: 1 }, phone: { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true } };
for (const [size, viewport] of Object.entries(sizes)) {
  for (const scheme of ["light", "dark"]) {
    const page = await browser.newPage();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.select("#sample", "3");
    await page.waitForSelector("#verdict[data-verdict=invalid]");
    if (size === "phone") await page.$eval("#verdict", (element) => element.scrollIntoView({ block: "start" }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.screenshot({ path: fileURLToPath(new URL(`screenshots/${size}-${scheme}.png`, import.meta.url)) });
    await page.close();
  }
}
await browser.close();
server.close();
