/**
 * The corpus that explainQsh is measured with: mismatches made by other implementations, as they are published on npm
 * (test/corpus holds what they answered), and by a signer that makes each mistake, and each two of them, on purpose.
 */
import { readFileSync } from "node:fs";
import { mistakenQsh, mistakes } from "./mistaken-signer.ts";
import type { Mistake, SignedRequest } from "./mistaken-signer.ts";

export interface Vector {
  readonly name: string;
  readonly level: string;
  readonly method: string;
  readonly url: string | { readonly base64: string };
  readonly baseUrl?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly canonical: string;
}

/** One hash that is not its request's. */
export interface Mismatch {
  readonly label: string;
  readonly claimed: string;
  readonly request: SignedRequest;
  /** The codes of the mistakes that made it, where they are known. */
  readonly codes: readonly string[];
  /** A body that does not count. */
  readonly body?: string | undefined;
}

const root = new URL("../../", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));

export const { vectors } = read("vectors/data/qsh.json") as { vectors: readonly Vector[] };

export function requestOf({ method, url, baseUrl, body, contentType }: Vector): SignedRequest {
  const text = typeof url === "string" ? url : Buffer.from(url.base64, "base64").toString();
  const isForm = method === "POST" && contentType?.startsWith("application/x-www-form-urlencoded") === true;
  return { method, url: text, baseUrl, form: isForm ? body : undefined };
}

/** Requests in which every mistake shows. */
const rich: SignedRequest[] = [
  {
    method: "GET",
    url: "/jira/rest/a%20b/./x//?z=1&a=2&a=1&q=a+b&s=!'()*~&e=&jwt=a.b.c&id%5B%5D=2&id%5B%5D=1&B=1&a%5B=1",
    baseUrl: "https://example.atlassian.net/jira",
  },
  {
    method: "POST",
    url: "https://host:8443/ctx/ctx/a&b%2Fc/?b=%C3%A9&b=Z&b=%25&c[d]=1&__proto__=x&aB=1&a%3D=2",
    baseUrl: "https://host:8443/ctx",
    form: "f=1+2&b=y",
  },
  {
    method: "PUT",
    url: "/wikix/../rest/%7Bid%7D/%E2%82%AC?_=1&A=~&a=%3A&a=.&n=&n=10&n=9&jql=project%20%3D%20A%2CB",
    baseUrl: "/wiki",
  },
];

/** What signers sign in the corpus. */
export const requests: readonly SignedRequest[] = [...rich, ...vectors.filter(({ level }) => level !== "policy").map(requestOf)];

/** What other implementations answered where the servers answer otherwise. */
export function* peerMismatches(): Generator<Mismatch> {
  const { mismatches } = read("corpus/mismatches.json") as { mismatches: { peer: string; vector: string; qsh: string }[] };
  const byName = new Map(vectors.map((vector) => [vector.name, vector]));
  for (const { peer, vector: name, qsh } of mismatches) {
    const vector = byName.get(name) as Vector;
    const request = requestOf(vector);
    // Where a vector is a matter of policy, the peer may be right by ours.
    if (qsh === mistakenQsh(request, [])) continue;
    yield { label: `${peer}: ${name}`, claimed: qsh, request, codes: [], body: request.form === undefined ? vector.body : undefined };
  }
}

/** Each mistake, in each request that it shows in. */
export function* singleMistakes(): Generator<Mismatch> {
  for (const request of requests) {
    const right = mistakenQsh(request, []);
    for (const mistake of mistakes) {
      const claimed = mistakenQsh(request, [mistake]);
      if (claimed === right) continue;
      yield { label: `${mistake}: ${request.url.slice(0, 90)}`, claimed, request, codes: [codeOf(mistake)] };
    }
  }
}

/** Each two mistakes, in the first few requests where both show beside each other. */
export function* pairedMistakes(limit: number): Generator<Mismatch> {
  const small = requests
    .filter(({ url }) => url.length < 2000)
    .map((request) => {
      const right = mistakenQsh(request, []);
      return { request, right, alone: new Map(mistakes.map((mistake) => [mistake, mistakenQsh(request, [mistake])])) };
    });
  for (const [i, first] of mistakes.entries()) {
    for (const second of mistakes.slice(i + 1)) {
      let count = 0;
      for (const { request, right, alone } of small) {
        if (count === limit) break;
        const [one, two] = [alone.get(first), alone.get(second)];
        if (one === right && two === right) continue;
        const claimed = mistakenQsh(request, [first, second]);
        if ([right, one, two].includes(claimed)) continue;
        count++;
        yield { label: `${first} + ${second}: ${request.url.slice(0, 90)}`, claimed, request, codes: [codeOf(first), codeOf(second)] };
      }
    }
  }
}

function codeOf(mistake: Mistake): string {
  return mistake.split(":")[0] as string;
}
