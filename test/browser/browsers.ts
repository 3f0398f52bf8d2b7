/**
 * Real browsers of the machine, driven without a download. A browser that is missing is skipped by name; where CI is
 * set it is a failure.
 */
import { existsSync } from "node:fs";
import { launch } from "puppeteer-core";
import type { Browser, LaunchOptions } from "puppeteer-core";
import { afterAll, beforeAll, describe } from "vitest";

interface Engine {
  readonly name: string;
  readonly paths: readonly (string | undefined)[];
  readonly options: LaunchOptions;
}

const engines: readonly Engine[] = [
  {
    name: "Chromium",
    paths: [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    options: {
      browser: "chrome",
      // Every name ends at this machine: no packet looks for a host.
      args: ["--no-sandbox", "--disable-quic", "--proxy-server=direct://", "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"],
    },
  },
  {
    name: "Firefox",
    paths: [process.env["FIREFOX"], "/usr/bin/firefox-esr", "/usr/bin/firefox"],
    options: { browser: "firefox", extraPrefsFirefox: { "network.dns.forceResolve": "127.0.0.1", "network.proxy.type": 0, "network.trr.mode": 5 } },
  },
];

/** Runs a suite in each browser. */
export function describeInBrowsers(title: string, suite: (browser: () => Browser) => void): void {
  for (const { name, paths, options } of engines) {
    const path = paths.find((one) => one !== undefined && existsSync(one));
    const isSkipped = path === undefined && process.env["CI"] === undefined;
    describe.skipIf(isSkipped)(`${title} in ${name}${path === undefined ? " (not installed)" : ""}`, { timeout: 60_000 }, () => {
      let browser: Browser | undefined;
      beforeAll(async () => {
        if (path === undefined) throw new Error(`${name} is not installed`);
        browser = await launch({ ...options, executablePath: path, headless: true });
      }, 60_000);
      afterAll(async () => void (await browser?.close()), 30_000);
      suite(() => browser as Browser);
    });
  }
}
