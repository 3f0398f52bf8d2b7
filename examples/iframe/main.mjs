// npm run build && node examples/iframe/main.mjs
//
// Loads the page without a browser: happy-dom is the page, and its AP the fake host. serve.mjs shows it in a real one.
import { Window } from "happy-dom";
import { start } from "./serve.mjs";

const EXPECTED = [
  'who is looking: 200 {"accountId":"user-1","issue":"DEMO-1"}',
  'save: 200 {"notes":1}',
  "who is looking, by the page's own URL: 401",
  "who is looking, by the session: 401",
  "save, by the product's token: 401",
  "save, by nobody: 401",
  "the token to another server: ERR_ORIGIN_NOT_ALLOWED",
];

const { host, script, close } = await start();
const context = { jira: { issue: { id: "10001", key: "DEMO-1" } } };
const { url } = await host.iframeRequest({ path: "/page", user: "user-1", context });
const forged = await fetch(`${url}&more=1`);
console.log(`the page with another URL: ${forged.status}`);

const settings = { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true };
const window = new Window({ url, settings });
// Node's own fetch: that of happy-dom 21 may throw past everybody when an answer is left unread.
const native = (input, init) => fetch(typeof input === "string" ? new URL(input, url) : input, init);
Object.assign(window, { fetch: native, Request, Response, Headers });
window.AP = { context: { getToken: () => host.contextToken({ user: "user-1", context }) } };
const html = await (await fetch(url)).text();
window.document.write(html.replaceAll(/<script.*<\/script>\n/g, ""));
window.eval(script);
const out = window.document.getElementById("out");
for (let waited = 0; out.textContent === "..." && waited < 20_000; waited += 20) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const told = out.textContent;
console.log(told);
await window.happyDOM.close();
close();
if (forged.status !== 401 || told !== EXPECTED.join("\n")) throw new Error("a verdict is wrong");
