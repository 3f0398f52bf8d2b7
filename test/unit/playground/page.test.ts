/**
 * The playground's page in happy-dom: the fast loop. What only a real browser knows (its policy, focus, layout) is in
 * test/browser.
 */
import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { Window } from "happy-dom";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { projectPath } from "../../support/project.ts";

const window = new Window({ url: "https://playground.example/", settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true } });
const document = window.document as unknown as Document;

beforeAll(async () => {
  const html = await readFile(projectPath("examples/playground/index.html"), "utf8");
  document.body.innerHTML = /<body>([^]*)<script/.exec(html)?.[1] ?? "";
  const { outputFiles } = await build({
    entryPoints: [projectPath("examples/playground/src/main.mjs")],
    alias: { "jwt-qsh": projectPath("src/index.ts"), "jwt-qsh/connect": projectPath("src/connect/index.ts") },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "error",
  });
  window.eval(outputFiles[0]?.text ?? "");
});
afterAll(() => window.happyDOM.close());

const byId = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;
const verdict = (): string => byId("verdict").textContent ?? "";

function enter(id: string, text: string): void {
  byId(id).value = text;
  byId(id).dispatchEvent(new window.Event("input", { bubbles: true }) as unknown as Event);
}

test("asks for something to explain, and offers examples", async () => {
  await vi.waitFor(() => expect(verdict()).toContain("Why is it 401?"));
  expect(document.querySelectorAll(".samples button")).toHaveLength(8);
});

test("explains an example at a click, step by step", async () => {
  (document.querySelector(".samples button") as HTMLButtonElement).click();
  await vi.waitFor(() => expect(verdict()).toContain("The path of the base URL is still in the hashed path."));
  expect([...document.querySelectorAll("#difference .cause")].map((cause) => cause.getAttribute("data-code"))).toEqual(["base-path-kept"]);
  expect(document.querySelector(".line.expected .text")?.textContent).toBe("GET&/rest/api/content&expand=body,version&spaceKey=DEV");
  expect(document.querySelector(".line.signed .text")?.textContent).toBe("GET&/wiki/rest/api/content&expand=body,version&spaceKey=DEV");
  expect([...document.querySelectorAll("#canonical .steps > li h3")].map((title) => title.firstChild?.textContent)).toEqual([
    "Method",
    "Path",
    "Query",
    "Canonical request",
    "SHA-256",
  ]);
  expect(document.querySelector("#findings [data-code=signature-valid]")).not.toBeNull();
});

test("follows each change of a field", async () => {
  enter("url", "/wiki/rest/other");
  await vi.waitFor(() => expect(verdict()).toContain("no known mistake makes it"));
  enter("secret", "wrong-secret-wrong-secret-wrong-secret");
  await vi.waitFor(() => expect(document.querySelector("#findings [data-code=signature-invalid]")).not.toBeNull());
});

test("reads a paste into the fields", async () => {
  enter("token", "curl -X DELETE -H 'Authorization: JWT aaa.bbb.ccc' https://host/x?a=1");
  expect([byId("method").value, byId("url").value, byId("token").value]).toEqual(["DELETE", "https://host/x?a=1", "aaa.bbb.ccc"]);
  expect(byId("pasted").textContent).toBe("The request was read into the fields below.");
  await vi.waitFor(() => expect(verdict()).toContain("This is no token"));
});

test("makes no markup of what is pasted", async () => {
  const evil = '<img src=x onerror="globalThis.pwned=1">';
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  enter("token", `${part({ alg: "HS256", [evil]: evil })}.${part({ iss: evil, context: { [evil]: evil } })}.c2ln`);
  enter("url", `/x?${evil}=${evil}`);
  await vi.waitFor(() => expect(document.querySelector("#decoded")?.textContent).toContain(evil));
  expect(document.querySelector("img")).toBeNull();
});

test("forgets everything at a click", async () => {
  byId("clear").click();
  await vi.waitFor(() => expect(verdict()).toContain("Why is it 401?"));
  expect(document.querySelector("#decoded")?.textContent).toBe("");
});
