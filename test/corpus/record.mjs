// Runs other implementations of QSH, as published on npm, over the project's vectors and writes down every hash that is
// not the vector's. `npm ci && npm run record` in this folder makes mismatches.json again.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import http from "node:http";
import { createJWTAuthentication } from "jira.js/services/authenticationService/authentications/createJWTAuthentication";

const require = createRequire(import.meta.url);
const atlassianJwt = { 1: require("atlassian-jwt-1"), 2: require("atlassian-jwt-2") };
const express = { 4: require("express-4"), 5: require("express-5") };
const HOST = "https://example.atlassian.net";

const { vectors } = JSON.parse(await readFile(new URL("../vectors/data/qsh.json", import.meta.url), "utf8"));
const text = (value) => (typeof value === "object" ? Buffer.from(value.base64, "base64").toString() : value);

function withAtlassianJwt(version) {
  const jwt = atlassianJwt[version];
  return (vector) => jwt.createQueryStringHash(jwt.fromMethodAndUrl(vector.method, text(vector.url)), false, vector.baseUrl ?? "");
}

async function withJiraJs(vector) {
  const target = text(vector.url);
  const url = /^[a-z]+:\/\//i.test(target) ? target : HOST + target;
  const header = await createJWTAuthentication({ issuer: "app", secret: "s".repeat(32) }, { method: vector.method, url });
  return JSON.parse(Buffer.from(header.split(".")[1], "base64url").toString()).qsh;
}

/** A real server on a real socket: what an app sees is what its framework made of the request line. */
async function withExpress(version, parser) {
  const jwt = atlassianJwt[2];
  const app = express[version]();
  if (parser !== undefined) app.set("query parser", parser);
  app.use(express[version].urlencoded({ extended: parser !== "simple" }));
  app.use((request, response) => {
    const { method, base } = JSON.parse(Buffer.from(request.get("x-vector"), "base64").toString());
    const seen = jwt.fromExpressRequest(request);
    response.send(jwt.createQueryStringHash({ ...seen, method }, true, base));
  });
  const server = http.createServer({ maxHeaderSize: 1 << 20 }, app);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hash = (vector) =>
    new Promise((resolve, reject) => {
      const url = text(vector.url).replace(/#.*$/s, "");
      const path = url.replace(/^[a-z]+:\/\/[^/?]*/i, "") || "/";
      const note = Buffer.from(JSON.stringify({ method: vector.method, base: vector.baseUrl ?? "" })).toString("base64");
      const headers = { "x-vector": note };
      if (vector.body !== undefined) headers["content-type"] = vector.contentType;
      // The method of the vector is in the note: a socket takes the well-known ones alone.
      const method = vector.body === undefined ? "GET" : vector.method.toUpperCase();
      const request = http.request({ port: server.address().port, method, path, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (body += chunk));
        response.on("end", () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`status ${response.statusCode}`))));
      });
      request.on("error", reject);
      request.end(vector.body === undefined ? undefined : text(vector.body));
    });
  return { hash, close: () => server.close() };
}

const servers = {
  "express 4": await withExpress(4),
  "express 5": await withExpress(5),
  "express 5, extended": await withExpress(5, "extended"),
};
const peers = {
  "atlassian-jwt 1.0.3": withAtlassianJwt(1),
  "atlassian-jwt 2.0.3": withAtlassianJwt(2),
  "jira.js 5.4.0": withJiraJs,
  ...Object.fromEntries(Object.entries(servers).map(([name, { hash }]) => [name, hash])),
};

const versions = Object.fromEntries(
  ["atlassian-jwt-1", "atlassian-jwt-2", "express-4", "express-5", "jira.js"].map((name) => [
    name,
    JSON.parse(require("node:fs").readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version,
  ]),
);
const mismatches = [];
const refused = {};
for (const [peer, hash] of Object.entries(peers)) {
  for (const vector of vectors) {
    try {
      const qsh = await hash(vector);
      if (qsh !== vector.qsh) mismatches.push({ peer, vector: vector.name, qsh });
    } catch {
      refused[peer] = (refused[peer] ?? 0) + 1;
    }
  }
}
for (const server of Object.values(servers)) server.close();
const lines = mismatches.map((mismatch) => `    ${JSON.stringify(mismatch)}`).join(",\n");
await writeFile(
  new URL("mismatches.json", import.meta.url),
  `{\n  "versions": ${JSON.stringify(versions)},\n  "refused": ${JSON.stringify(refused)},\n  "mismatches": [\n${lines}\n  ]\n}\n`,
);
process.stdout.write(`${mismatches.length} mismatches\n`);
