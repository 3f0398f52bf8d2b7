/**
 * The goals, and what was measured against each: ratios within one run. A ratio is the median over the rounds of how
 * many times as fast we were as the other.
 */
import { median, ratio } from "./table.mjs";

const SYNC_PEERS = ["fast-jwt", "atlassian-jwt", "jwt-simple"];
const WEB_PEERS = ["jose", "hono/jwt", "@tsndr/cloudflare-worker-jwt"];
const COUNTS = [0, 3, 10, 100, 1000];
const HOW = { sequential: "one after the other", wide: "64 at a time" };

const atLeast = (goal) => ({ goal, met: (value) => value >= goal, sign: "at least" });
const atMost = (goal) => ({ goal, met: (value) => value <= goal, sign: "at most" });

/**
 * @param reports by engine: the scenarios of a whole race
 * @param processes what took processes of its own
 * @param limits what size-limit says of each bundle
 */
export function judgeGoals(reports, processes, limits) {
  const rows = [];
  const add = (number, name, bound, value, unit = "") => rows.push({ number, name, unit, ...bound, value, met: bound.met(value) });
  const times = (engine, scenario, ours, theirs) => {
    const cases = reports[engine]?.[scenario];
    return cases?.[ours]?.ns && cases[theirs]?.ns ? ratio(cases[ours], cases[theirs]) : undefined;
  };
  const best = (engine, scenario, ours, peers) =>
    Math.min(...peers.map((peer) => times(engine, scenario, ours, peer)).filter((one) => one !== undefined));
  const time = (engine, scenario, name) => median(reports[engine][scenario][name].ns);
  const engines = (...names) => names.filter((name) => reports[name] !== undefined);

  for (const verb of ["sign", "verify"]) {
    for (const engine of engines("node20", "workerd", "chromium")) {
      const goal = atLeast(engine === "node20" ? 1.3 : 1.8);
      add(1, `${verb}, WebCrypto door, 64 at a time: times jose, ${engine}`, goal, times(engine, `${verb} HS256, ${HOW.wide}`, "jwt-qsh", "jose"));
    }
    for (const engine of engines("node20", "node24", "deno", "bun", "workerd", "chromium")) {
      const scenario = `${verb} HS256, ${HOW.sequential}`;
      add(1, `${verb}, WebCrypto door, one after the other: times the best WebCrypto peer, ${engine}`, atLeast(1), best(engine, scenario, "jwt-qsh", WEB_PEERS));
    }
  }
  for (const verb of ["sign", "verify"]) {
    for (const engine of engines("node20", "node24", "bun", "deno")) {
      const goal = atLeast(engine === "deno" ? 1.5 : 2);
      add(2, `${verb}, synchronous door: times the best peer, ${engine}`, goal, best(engine, `${verb} HS256, at once`, "jwt-qsh/sync", SYNC_PEERS));
    }
  }
  for (const engine of engines("node20", "node24")) {
    add(2, `verify, synchronous door, uncached: of fast-jwt's cache hit, ${engine}`, atLeast(0.75), times(engine, "verify HS256, at once", "jwt-qsh/sync", "fast-jwt, cache hit"));
  }
  for (const count of COUNTS) {
    for (const engine of engines("node20", "node24")) {
      const scenario = `qsh, ${count} parameters`;
      add(3, `qsh of ${count} parameters: times atlassian-jwt, ${engine}`, atLeast(engine === "node20" ? 5 : 8), times(engine, scenario, "jwt-qsh", "atlassian-jwt"));
      add(3, `qsh of ${count} parameters, noble forced: times atlassian-jwt, ${engine}`, atLeast(2.5), times(engine, scenario, "jwt-qsh, noble", "atlassian-jwt"));
    }
  }
  for (const engine of engines("node20", "node24")) {
    add(3, `qsh: time of 10,000 parameters by time of 1,000, ${engine}`, atMost(13.5), time(engine, "qsh, 10000 parameters", "jwt-qsh") / time(engine, "qsh, 1000 parameters", "jwt-qsh"));
  }
  for (const way of ["outbound", "inbound"]) {
    for (const engine of engines("node20", "node24")) {
      add(4, `${way}, synchronous engine: times atlassian-jwt, ${engine}`, atLeast(engine === "node20" ? 3.5 : 4), times(engine, way, "jwt-qsh, sync engine", "atlassian-jwt"));
    }
    for (const engine of engines("workerd", "chromium")) {
      add(4, `${way}, default engine: times jose with URLSearchParams and noble, ${engine}`, atLeast(engine === "workerd" ? 2.5 : 3), times(engine, way, "jwt-qsh", "jose + URLSearchParams"));
    }
  }
  for (const engine of engines("node20", "node24")) {
    const parts = (names) => names.reduce((sum, name) => sum + time(engine, "parts", name), 0);
    const shared = ["HMAC", "UTF-8 encode"];
    add(5, `sign, synchronous door: times the sum of its parts, ${engine}`, atMost(1.5), time(engine, "parts", "sign") / parts([...shared, "JSON.stringify", "base64url encode", "strings joined"]));
    add(5, `verify, synchronous door: times the sum of its parts, ${engine}`, atMost(1.5), time(engine, "parts", "verify") / parts([...shared, "JSON.parse", "base64url decode", "strings cut"]));
  }
  for (const engine of engines("node20", "node24")) {
    const scenario = `verify RS256, ${HOW.wide}`;
    add(6, `RS256, 64 at a time: of raw crypto.subtle.verify, ${engine}`, atLeast(0.75), times(engine, scenario, "jwt-qsh", "floor: crypto.subtle"));
    add(6, `RS256, 64 at a time: times jose, ${engine}`, atLeast(1.2), times(engine, scenario, "jwt-qsh", "jose"));
  }
  if (processes !== undefined) addProcesses(add, processes);
  addSizes(add, limits);
  return rows;
}

function addProcesses(add, { cold, memory }) {
  for (const [engine, rows] of Object.entries(cold)) {
    add(7, `import of the core, ${engine}`, atMost(5), rows["jwt-qsh"].imported, " ms");
    add(7, `import and first signed request: of atlassian-jwt's, ${engine}`, atMost(0.5), rows["jwt-qsh/connect"].first / rows["atlassian-jwt"].first);
  }
  for (const [engine, rows] of Object.entries(memory)) {
    for (const door of ["WebCrypto", "sync"]) add(8, `heap of 10,000 tenants' keys, ${door}, ${engine}`, atMost(10), rows[`10,000 tenants, ${door}`] / 1e6, " MB");
    add(8, `allocated by a sign and a verify, ${engine}`, atMost(2.5), rows["sign + verify"] / 1000, " kB");
  }
}

/** The command line is left out, as the goal has it, and so is `testing`, of which no bundle is measured. */
function addSizes(add, limits) {
  const core = limits.find(({ name }) => name === "secretKey + signJwt + verifyJwt + qsh").size;
  add(9, "sign, verify and qsh, gzipped", atMost(9.5), core / 1000, " kB");
  for (const { name, size } of limits) {
    const door = /^the first \+ all of (jwt-qsh\/[\w-]+)$/.exec(name)?.[1];
    if (door !== undefined) add(9, `${door}, on top of it, gzipped`, atMost(6), (size - core) / 1000, " kB");
  }
}
