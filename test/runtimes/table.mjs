/**
 * The capability table: per class of engines what must be there, what must work, and what must be refused for want of
 * what. Each report is held against it, so that an engine that gains or loses something turns the run red.
 */
import { abilities } from "./cases/abilities.mjs";
import { allFeatures } from "./cases/platform.mjs";

const without = (...missing) => allFeatures.filter((name) => !missing.includes(name));

/** Refused, by the feature that the refusal names. Whatever is not listed must work. */
const NO_SUBTLE = {
  HS384: "crypto.subtle",
  HS512: "crypto.subtle",
  "RS256, signed": "crypto.subtle",
  "RS256, verified": "crypto.subtle",
  "signed install": "crypto.subtle",
  "Forge verifier": "crypto.subtle",
  "OAuth 1.0a signature": "crypto.subtle",
  "OAuth 1.0a signer": "crypto.subtle",
  "key pair": "crypto.subtle",
  "encrypted installations": "crypto.subtle",
};
const NO_RANDOM = { ...NO_SUBTLE, "OAuth 1.0a signer": "crypto.getRandomValues" };
const NO_WEB = {
  ...NO_SUBTLE,
  "Connect token": "URL",
  "Connect, signed fetch": "URL",
  "Connect verifier": "URL",
  "signed install": "URL",
  "Forge verifier": "URL",
  "token source": "URL",
  "OAuth 1.0a base string": "URL",
  "OAuth 1.0a signer": "URL",
  "context token of a page": "URL",
};

const NO_CRYPTO = ["crypto.subtle", "crypto.getRandomValues"];

/**
 * `mac` and `sync`: who must make an HS256 signature in the asynchronous door and in the synchronous one. `features`:
 * what the engine has, no more and no less. `refused`: see above.
 */
export const classes = {
  server: { mac: "webcrypto", sync: "native", features: allFeatures, refused: {} },
  web: { mac: "webcrypto", sync: "noble", features: without("node:crypto"), refused: {} },
  "insecure page": {
    mac: "noble",
    sync: "noble",
    features: without("node:crypto", "crypto.subtle"),
    refused: NO_SUBTLE,
  },
  "server, no WebCrypto": { mac: "noble", sync: "native", features: without(...NO_CRYPTO), refused: NO_RANDOM },
  // Its node:crypto needs the global.
  "web, no crypto": { mac: "noble", sync: "noble", features: without("node:crypto", ...NO_CRYPTO), refused: NO_RANDOM },
  "language, timers, clock": {
    mac: "noble",
    sync: "noble",
    features: ["setTimeout", "performance"],
    refused: NO_WEB,
  },
  "language, timers": { mac: "noble", sync: "noble", features: ["setTimeout"], refused: NO_WEB },
  "language, clock": { mac: "noble", sync: "noble", features: ["performance"], refused: NO_WEB },
  language: { mac: "noble", sync: "noble", features: [], refused: NO_WEB },
};

/** Runtime, launcher, what it is told, and the class that each of its realms must be of. */
export const engines = [
  ["node", "node", {}, "server"],
  ["node 22", "node", { release: 22 }, "server"],
  ["node 24", "node", { release: 24 }, "server"],
  ["deno", "deno", {}, "server"],
  ["bun", "bun", {}, "server"],
  ["workerd", "workerd", {}, "web"],
  ["workerd (miniflare)", "miniflare", {}, "web"],
  ["edge-runtime", "edge-runtime", {}, "web"],
  ["happy-dom", "happy-dom", {}, "web"],
  ["node, no crypto", "node", { noCrypto: true }, "server, no WebCrypto"],
  ["deno, no crypto", "deno", { noCrypto: true }, "server, no WebCrypto"],
  ["bun, no crypto", "bun", { noCrypto: true }, "web, no crypto"],
  ["quickjs", "quickjs", { variant: "quickjs" }, "language"],
  ["quickjs-ng", "quickjs", { variant: "quickjs-ng" }, "language, clock"],
  ["hermes", "hermes", {}, "language, timers"],
  ["jsc", "shell", { shell: "jsc" }, "language, timers, clock"],
  ["gjs", "shell", { shell: "gjs" }, "language, timers"],
  ...["chromium", "firefox", "webkitgtk", "wpe"].flatMap((browser) => [
    [browser, "browser", { browser }, "web"],
    [`${browser}, insecure`, "browser", { browser, insecure: true }, "insecure page"],
  ]),
];

/** How many cases each family has where nothing is missing: none gets lost on the way. */
export const families = {
  "qsh vectors": 690,
  "streamed forms": 12,
  "token vectors": 103,
  algorithms: 15,
  "attacks on tokens": 141,
  "attacks on requests": 117,
  "attacks in answers": 9,
  "inbound token vectors": 33,
  connect: 11,
  forge: 4,
  "signed fetch": 13,
  "oauth2 vectors": 127,
  "token source": 10,
  "oauth1 vectors": 223,
  "oauth1 dance": 5,
  "context token": 7,
};

/** What an ability must come to in a class: `works`, or the feature that its refusal names. */
export function expectedAbilities({ refused }) {
  return Object.fromEntries(Object.keys(abilities).map((name) => [name, refused[name] ?? "works"]));
}
