/** The attack corpus, as far as it is about requests: against the verifiers, with key servers of the corpus's own. */
import { createConnectVerifier, createLifecycleVerifier, memoryReplayGuard } from "../../../dist/connect.js";
import { createForgeVerifier } from "../../../dist/forge.js";
import { ATTACK_CODES, tellsNothing, textOf } from "./attacks.mjs";
import { equal, oneOf, settled, truth } from "./verdict.mjs";

const OPS = new Set(["connect.verifyRequest", "connect.verifyLifecycle", "forge.verify", "sequence"]);
const NEEDS = ["Request", "URL", "AbortController", "setTimeout", "ReadableStream"];
/** Seconds for a key server that never answers; all others have the usual five. */
const SHORT = 0.5;

export function inboundAttackCases({ attacks }, { add, has }) {
  for (const attack of attacks.cases.filter(({ op }) => OPS.has(op))) {
    add(`${attack.id}: ${attack.name}`, () => judge(attack, has("crypto.subtle")), ...NEEDS);
  }
}

async function judge(attack, canRsa) {
  const run = createRun();
  const steps = attack.steps ?? [attack];
  const outcomes = [];
  if (attack.parallel === true) {
    outcomes.push(...(await Promise.all(steps.map((step) => run.step(step, attack.keyServer)))));
  } else {
    for (const step of steps) outcomes.push(await run.step(step, attack.keyServer));
  }
  for (const outcome of outcomes) judgeStep(outcome, canRsa);
  judgeTraffic(run.fetched, attack.expect);
}

/** One case: verifiers that live as long as it does, a clock, and a fetch that answers from the case's table. */
function createRun() {
  const verifiers = new Map();
  const run = { time: 0, routes: {}, fetched: [] };
  const guard = memoryReplayGuard({ now: () => run.time });

  async function fetch(request) {
    run.fetched.push(request.url);
    const route = run.routes.routes?.find(({ url }) => url === request.url) ??
      run.routes.fallback ?? { status: 404, body: "" };
    await later(route.delayMs ?? 1, request.signal);
    if (route.networkError === true) throw new TypeError("fetch failed");
    const body = (route.bodyParts ?? [route.body ?? ""]).map(textOf).join("");
    return new Response(body, { status: route.status, ...(route.headers && { headers: route.headers }) });
  }

  function create({ op, options, input }, timeout) {
    const shared = {
      leeway: options.leewaySec,
      now: () => run.time,
      timeout,
      ...(options.replayGuard === true && { replayGuard: guard }),
    };
    const remote = { fetch, ...(options.maxKeyFetchesPerMinute && { maxKeyFetches: options.maxKeyFetchesPerMinute }) };
    if (op === "forge.verify") {
      return createForgeVerifier({ ...shared, ...remote, appId: options.appId, jwksUrl: options.jwksUrl });
    }
    const installations = lookUp(input);
    if (op === "connect.verifyRequest") {
      const accept = options.accept === "url" ? ["request"] : ["context"];
      const { appKey, appBaseUrl: baseUrl } = options;
      return createConnectVerifier({ ...shared, appKey, baseUrl, installations, accept });
    }
    return createLifecycleVerifier({
      ...shared,
      ...remote,
      appKey: options.appKey,
      baseUrl: options.appBaseUrls,
      keyServers: [options.keyServerBase],
      accept: [options.event],
      installations,
    });
  }

  return {
    fetched: run.fetched,
    async step(step, keyServer) {
      const { now, ...options } = step.options;
      run.time = now;
      run.routes = step.input.keyServer ?? keyServer ?? {};
      const key = JSON.stringify([step.op, options, step.input.tenants]);
      const hangs = (run.routes.routes ?? []).some(({ delayMs = 0 }) => delayMs > 10_000);
      if (!verifiers.has(key)) verifiers.set(key, create(step, hangs ? SHORT : 5));
      return { step, ...(await settled(() => verifiers.get(key)(requestOf(step)))) };
    },
  };
}

/** Waits as a connection does: aborted, it is over. */
function later(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function lookUp({ tenants = [], tenantsAsObject = false }) {
  const records = tenants.map(({ clientKey, sharedSecret, previousSecrets = [], uninstalled }) => [
    clientKey,
    {
      clientKey,
      sharedSecret,
      previousSecrets: previousSecrets.map(({ secret, validUntil }) => ({ sharedSecret: secret, validUntil })),
      ...(uninstalled === true && { enabled: false }),
    },
  ]);
  if (tenantsAsObject) {
    const table = Object.fromEntries(records);
    return (clientKey) => table[clientKey];
  }
  const table = new Map(records);
  return (clientKey) => table.get(clientKey);
}

function requestOf({ input, options }) {
  const base = options.appBaseUrl ?? options.appBaseUrls?.[0] ?? "https://remote.example";
  const headers = new Headers(input.headers);
  if (input.token !== undefined) headers.set("authorization", `Bearer ${input.token}`);
  if (input.form !== undefined) headers.set("content-type", "application/x-www-form-urlencoded");
  const body = input.form ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  const init = { method: input.method ?? "POST", headers, ...(body !== undefined && { body }) };
  return new Request(new URL(base).origin + (input.url ?? "/"), init);
}

function judgeStep({ step: { op, expect }, value, error }, canRsa) {
  const isHmac = op === "connect.verifyRequest";
  const kinds = [expect.kind, ...(expect.alsoOk ?? [])];
  const codes = kinds.flatMap((kind) =>
    kind === "key_not_found" && isHmac ? ["ERR_INSTALLATION_UNKNOWN"] : ATTACK_CODES[kind],
  );
  oneOf(error?.code ?? "ok", expect.result === "accept" ? ["ok"] : codes, op, canRsa || isHmac);
  if (value !== undefined && expect.clientKey !== undefined) equal(value.clientKey, expect.clientKey, "the tenant");
  tellsNothing(error, expect.mustNotContain);
}

function judgeTraffic(fetched, { fetched: expected, maxFetches = Infinity, forbidFetchPrefix = [] }) {
  if (expected !== undefined) equal(fetched, expected, "what was fetched");
  truth(fetched.length <= maxFetches, `at most ${maxFetches} fetches`);
  for (const prefix of forbidFetchPrefix) {
    truth(!fetched.some((url) => url.startsWith(prefix)), `nothing from ${prefix}`);
  }
}
