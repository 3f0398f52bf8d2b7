import type { FetchLike, WebRequest, WebResponse } from "../types.ts";
import { type Fault, misanswer } from "./faults.ts";

/** One request that reached the fake network, whoever answered it. */
export interface Traffic {
  readonly method: string;
  readonly url: string;
}

/** The controls of the fake network. */
export interface NetworkControls {
  /** Every request, in order, to whatever service, decoys and failures included. */
  readonly traffic: readonly Traffic[];
  /** How many requests went to URLs that start so. */
  count(urlPrefix: string): number;
  /**
   * Makes everything misbehave whose URL starts so, from now on or for so many requests; the longest prefix wins.
   * Answers a function that ends it.
   */
  misbehave(urlPrefix: string, fault: Fault, options?: { readonly times?: number }): () => void;
}

/** A service at an address. */
export interface Service {
  readonly prefix: string;
  answer(request: WebRequest): Promise<WebResponse>;
}

/** Puts services on a network of their own; the longest prefix answers. */
export function createNetwork(services: readonly Service[]): NetworkControls & { readonly fetch: FetchLike } {
  const traffic: Traffic[] = [];
  const faults: { prefix: string; fault: Fault; left: number }[] = [];

  return {
    traffic,
    count: (prefix) => traffic.filter(({ url }) => url.startsWith(prefix)).length,
    misbehave(prefix, fault, options = {}) {
      const entry = { prefix, fault, left: options.times ?? Infinity };
      const end = (): void => {
        if (faults.includes(entry)) faults.splice(faults.indexOf(entry), 1);
      };
      faults.unshift(entry); // the latest of two equal prefixes wins
      return end;
    },
    async fetch(request) {
      const { method, url } = request;
      traffic.push({ method, url });
      if (request.signal.aborted) throw request.signal.reason;
      const usual = async (): Promise<WebResponse> => {
        const service = longest(services, url);
        if (service === undefined) throw new TypeError("fetch failed: no such host on the fake network");
        return service.answer(request);
      };
      const entry = longest(
        faults.filter(({ left }) => left > 0),
        url,
      );
      if (entry === undefined) return usual();
      entry.left--;
      return misanswer(entry.fault, request, usual);
    },
  };
}

/** The entry for a URL; of two equal prefixes the first wins. */
function longest<T extends { readonly prefix: string }>(list: readonly T[], url: string): T | undefined {
  return list.filter(({ prefix }) => url.startsWith(prefix)).sort((a, b) => b.prefix.length - a.prefix.length)[0];
}
