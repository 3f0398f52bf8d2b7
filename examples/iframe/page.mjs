// What runs in the page. It holds no secret: it asks the product for a token, and hands it to the app's server.
import { createContextTokenClient } from "jwt-qsh/browser";

const client = createContextTokenClient(AP);
const session = document.querySelector('meta[name="session-token"]').content;

/** A token at hand, in place of the one that the client would send. */
const withToken = (token, init) => ({ ...init, headers: { authorization: `JWT ${token}` } });

async function run() {
  const lines = [];
  const tell = async (what, response) => {
    lines.push(`${what}: ${response.status}${response.ok ? ` ${JSON.stringify(await response.json())}` : ""}`);
  };
  await tell("who is looking", await client.fetch("/api/me"));
  await tell("save", await fetch("/api/note", withToken(session, { method: "PUT", body: "hello" })));

  // What must not work: each token is for one kind of route.
  const fromUrl = new URLSearchParams(location.search).get("jwt");
  await tell("who is looking, by the page's own URL", await fetch("/api/me", withToken(fromUrl)));
  await tell("who is looking, by the session", await fetch("/api/me", withToken(session)));
  await tell("save, by the product's token", await client.fetch("/api/note", { method: "PUT", body: "hello" }));
  await tell("save, by nobody", await fetch("/api/note", { method: "PUT", body: "hello" }));
  const elsewhere = await client.fetch("https://elsewhere.example/").catch((error) => error);
  lines.push(`the token to another server: ${elsewhere.code}`);
  return lines;
}

const out = document.getElementById("out");
run().then(
  (lines) => (out.textContent = lines.join("\n")),
  (error) => (out.textContent = `failed: ${error}`),
);
