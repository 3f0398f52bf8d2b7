// Builds the playground: one page that holds its script and its style, so that any static host can serve it and a file
// on a disk is enough. The policy names both by their hashes, and allows nothing else.
//
//   npm run build && node examples/playground/build.mjs [folder]
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = new URL("./", import.meta.url);

/** The policy of the page: nothing is loaded, nothing is sent, and no text becomes markup. */
export function contentSecurityPolicy(script, style) {
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/**
 * @param folder where index.html goes
 * @param alias other places for the library's doors, by name
 */
export async function buildPlayground(folder, alias = {}) {
  const bundle = async (entry, options) => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(entry, here))],
      bundle: true,
      minify: true,
      write: false,
      charset: "utf8",
      legalComments: "none",
      logLevel: "error",
      alias,
      ...options,
    });
    return outputFiles[0].text.trim();
  };
  const script = (await bundle("src/main.mjs", { format: "esm", target: "es2022", platform: "browser" })).replaceAll("</script", "<\\/script");
  const style = await bundle("style.css", { target: "esnext" });
  const page = (await readFile(new URL("index.html", here), "utf8"))
    .replace("%CSP%", () => contentSecurityPolicy(script, style))
    .replace(/\s*%STYLE%\s*/, () => style)
    .replace(/\s*%SCRIPT%\s*/, () => script);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("index.html", folder), page);
  return page;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] === undefined ? new URL("dist/", here) : pathToFileURL(`${process.argv[2].replace(/\/$/, "")}/`);
  const page = await buildPlayground(folder);
  process.stdout.write(`${fileURLToPath(new URL("index.html", folder))}: ${(Buffer.byteLength(page) / 1024).toFixed(1)} KiB\n`);
}
