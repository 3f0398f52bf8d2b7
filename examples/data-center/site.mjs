// A fake Data Center site to try the dance on: node examples/data-center/site.mjs rsa.pub [port]
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createFakeDataCenter } from "jwt-qsh/testing";
import { nodeHandler } from "jwt-qsh/node";

const [keyFile, port = "2990"] = process.argv.slice(2);
if (keyFile === undefined) throw new Error("usage: site.mjs PUBLIC-KEY-FILE [PORT]");
const publicKey = (await readFile(keyFile, "utf8")).trim();
const baseUrl = `http://127.0.0.1:${port}/jira`;
const consumers = [{ consumerKey: "my-consumer", name: "My script", signatureMethod: "RSA-SHA1", publicKey }];
const inOneYear = Date.now() / 1000 + 365 * 86_400;
const licenses = [{ key: "jira-software", name: "Jira Software", activeUsers: 42, licensedUsers: 50, expiresAt: inOneYear }];
const site = createFakeDataCenter({ baseUrl, consumers, licenses });

createServer(nodeHandler(site.fetch, { publicUrl: `http://127.0.0.1:${port}` })).listen(Number(port), "127.0.0.1", () => {
  console.log(`${baseUrl} knows the consumer my-consumer (Ctrl-C ends it)`);
});
