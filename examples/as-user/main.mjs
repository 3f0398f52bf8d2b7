// Against the embedded fake host, under a clock that is moved.
import { createFakeHost } from "jwt-qsh/testing";
import { asUser, whoAndWhat } from "./as-user.mjs";

export async function run() {
  let now = 1_800_000_000;
  const host = createFakeHost({ now: () => now });
  const app = { appKey: "com.example.app", baseUrl: "https://app.example.com" };
  const { accountId } = host.users[0];
  const network = { fetch: host.fetch, now: () => now };
  const jira = asUser(host.install(app), accountId, network);
  const wiki = asUser(host.install(app, { product: "confluence" }), accountId, network);

  const story = [];
  const tell = async (when) => story.push(`${when}: ${await whoAndWhat(jira, wiki)}, tokens so far: ${host.exchanges.length}`);
  await tell("at first");
  now += 600;
  await tell("ten minutes later");
  now += 301;
  await tell("after the tokens expired");
  return story;
}
