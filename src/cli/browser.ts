/**
 * Opens a page in the user's browser.
 */
import { spawn } from "node:child_process";

/** Tries; the page's address was printed anyhow. */
export function openBrowser(url: string): void {
  const [program, ...rest] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program, [...rest, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
