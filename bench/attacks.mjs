/**
 * node bench/attacks.mjs: the attacks of the corpus that are about one token and one key, on the peers and on us.
 *
 * Each library is used as its documentation advises: one algorithm, the key in the form it asks for, the clock that it
 * takes or the global one set to the attack's. An attack that needs an option which a library lacks is not run on it.
 * Whatever is thrown counts as a refusal. Needs `npm run build` and `npm ci --prefix bench/compare`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as ours from "../dist/index.js";

const require = createRequire(new URL("compare/package.json", import.meta.url));
const peer = (name) => import(pathToFileURL(require.resolve(name)));
const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const versionOf = (name) => readJson(`compare/node_modules/${name}/package.json`).version;

const { cases, keys } = revive(readJson("../test/vectors/data/attacks.json"));
const attacks = cases.filter(({ op }) => op === "jwt.verify");

/** The marks of the corpus: text in base64, numbers that JSON lacks. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).join() === "base64") return Buffer.from(value.base64, "base64").toString("utf8");
  if (Object.keys(value).join() === "$num") return Number(value.$num);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}

/** An attack in the words that all libraries understand. */
function read({ input, key, options }) {
  const textOf = (part) => (typeof part === "string" ? part : part.repeat[0].repeat(part.repeat[1]));
  const token = input.tokenParts?.map(textOf);
  const material = typeof key === "string" ? keys[key] : key;
  const { type, value, bytesHex, pem } = material;
  const secret = bytesHex === undefined ? value : new Uint8Array(Buffer.from(bytesHex, "hex"));
  const { algorithms } = options;
  const text = token?.join("") ?? input.token;
  return { ...options, token: text, isSecret: type === "secret", secret, pem, alg: algorithms[0] };
}

/** The options that are there, under the names of a library. */
function named(options, names) {
  const known = Object.entries(names).filter(([name]) => options[name] !== undefined);
  return Object.fromEntries(known.map(([name, own]) => [own, options[name]]));
}

const bytesOf = (secret) => (typeof secret === "string" ? new TextEncoder().encode(secret) : secret);
const isOne = ({ algorithms }) => algorithms.length === 1;
const lacks = (options, ...names) => names.every((name) => options[name] === undefined);

const LIBRARIES = {
  "jwt-qsh": {
    takes: isOne,
    async verify({ token, isSecret, secret, pem, now, ...rest }) {
      const names = { leewaySec: "leeway", maxTokenAgeSec: "maxAge", maxLifetimeSec: "maxLifetime" };
      const same = { issuer: "issuer", audience: "audience", requireExp: "requireExp" };
      const key = isSecret ? ours.secretKey(secret) : ours.publicKey(pem);
      return ours.verifyJwt(token, key, { now: () => now, ...named(rest, { ...names, ...same }) });
    },
  },
  async jose() {
    const { importSPKI, jwtVerify } = await peer("jose");
    return {
      takes: ({ maxLifetimeSec }) => maxLifetimeSec === undefined,
      async verify({ token, isSecret, secret, pem, algorithms, now, requireExp, ...rest }) {
        const same = { issuer: "issuer", audience: "audience" };
        const names = { leewaySec: "clockTolerance", maxTokenAgeSec: "maxTokenAge", ...same };
        const required = requireExp === true ? { requiredClaims: ["exp"] } : {};
        const options = { algorithms, currentDate: new Date(now * 1000), ...required, ...named(rest, names) };
        return jwtVerify(token, isSecret ? bytesOf(secret) : await importSPKI(pem, "RS256"), options);
      },
    };
  },
  async "fast-jwt"() {
    const { createVerifier } = await peer("fast-jwt");
    return {
      takes: ({ maxLifetimeSec }) => maxLifetimeSec === undefined,
      verify({ token, isSecret, secret, pem, algorithms, now, leewaySec, maxTokenAgeSec, requireExp, ...rest }) {
        const key = isSecret ? (typeof secret === "object" ? Buffer.from(secret) : secret) : pem;
        const required = requireExp === true ? { requiredClaims: ["exp"] } : {};
        const age = maxTokenAgeSec === undefined ? {} : { maxAge: maxTokenAgeSec * 1000 };
        const tolerance = typeof leewaySec === "number" ? leewaySec * 1000 : leewaySec;
        const times = { clockTimestamp: now * 1000, clockTolerance: tolerance };
        const names = named(rest, { issuer: "allowedIss", audience: "allowedAud" });
        return createVerifier({ key, algorithms, ...times, ...age, ...required, ...names })(token);
      },
    };
  },
  async "hono/jwt"() {
    const { verify } = await peer("hono/jwt");
    return {
      // Neither leeway nor ages.
      takes: (options) =>
        isOne(options) && options.leewaySec === 0 && lacks(options, "maxTokenAgeSec", "maxLifetimeSec"),
      verify({ token, isSecret, secret, pem, alg, ...rest }) {
        const names = named(rest, { issuer: "iss", audience: "aud" });
        return verify(token, isSecret ? secret : pem, { alg, ...names });
      },
    };
  },
  async jsonwebtoken() {
    const { default: jsonwebtoken } = await peer("jsonwebtoken");
    return {
      takes: ({ maxLifetimeSec }) => maxLifetimeSec === undefined,
      verify({ token, isSecret, secret, pem, algorithms, now, ...rest }) {
        const key = isSecret ? (typeof secret === "object" ? Buffer.from(secret) : secret) : pem;
        const names = { leewaySec: "clockTolerance", issuer: "issuer", audience: "audience", maxTokenAgeSec: "maxAge" };
        return jsonwebtoken.verify(token, key, { algorithms, clockTimestamp: now, ...named(rest, names) });
      },
    };
  },
  async "atlassian-jwt"() {
    const { decodeAsymmetric, decodeSymmetric } = await peer("atlassian-jwt");
    return {
      // No options: times, issuer and audience are left to the app.
      takes: (options) => isOne(options) && lacks(options, "issuer", "audience", "maxTokenAgeSec", "maxLifetimeSec"),
      verify({ token, isSecret, secret, pem, alg }) {
        return isSecret ? decodeSymmetric(token, secret, alg) : decodeAsymmetric(token, pem, alg);
      },
    };
  },
  async "@tsndr/cloudflare-worker-jwt"() {
    const { default: jwt } = await peer("@tsndr/cloudflare-worker-jwt");
    return {
      // Neither issuer, audience nor ages.
      takes: (options) => isOne(options) && lacks(options, "issuer", "audience", "maxTokenAgeSec", "maxLifetimeSec"),
      verify({ token, isSecret, secret, pem, alg, leewaySec }) {
        return jwt.verify(token, isSecret ? secret : pem, { algorithm: alg, clockTolerance: leewaySec });
      },
    };
  },
};

async function accepts(verify, attack) {
  const { now } = Date;
  Date.now = () => attack.now * 1000;
  try {
    return Boolean(await verify(attack));
  } catch {
    return false;
  } finally {
    Date.now = now;
  }
}

console.log("| library | `must` accepted | `profile` accepted | controls refused |\n|---|---|---|---|");
for (const [name, library] of Object.entries(LIBRARIES)) {
  const { takes, verify } = typeof library === "function" ? await library() : library;
  const cells = [];
  for (const level of ["must", "profile", "control"]) {
    const run = attacks.filter((one) => one.level === level).map(read).filter(takes);
    let wrong = 0;
    for (const attack of run) if ((await accepts(verify, attack)) !== (level === "control")) wrong++;
    cells.push(`${wrong} of ${run.length}`);
  }
  const label = name === "jwt-qsh" ? name : `${name} ${versionOf(name.replace("hono/jwt", "hono"))}`;
  console.log(`| ${label} | ${cells.join(" | ")} |`);
}
