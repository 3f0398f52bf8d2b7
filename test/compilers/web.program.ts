/** Where web types are known by name, what comes out of the doors are those types and no look-alikes. */
import { qsh, type RequestSigner, type WebRequest, type WebResponse } from "jwt-qsh";
import { toResponse, withVerifier } from "jwt-qsh/adapters";
import { createConnectVerifier, memoryInstallations } from "jwt-qsh/connect";
import { createSignedFetch } from "jwt-qsh/fetch";
import { type NodeRequestLike, toRequest } from "jwt-qsh/node";
import { createFakeHost } from "jwt-qsh/testing";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => undefined;

holds<Equals<WebRequest, Request>>();
holds<Equals<WebResponse, Response>>();

declare const sign: RequestSigner;
const host = createFakeHost();
const jira = createSignedFetch({ baseUrl: "https://example.atlassian.net", sign, fetch: host.fetch });
const response = await jira("/rest/api/3/myself", { method: "PUT", headers: new Headers(), body: "{}" });
holds<Equals<typeof response, Response>>();
// The global one fits, and a signed one stands where `fetch` stands.
createSignedFetch({ baseUrl: "https://example.atlassian.net", sign, fetch });
export const like: (input: string, init?: RequestInit) => Promise<Response> = jira;

const verify = createConnectVerifier({
  appKey: "app",
  baseUrl: new URL("https://app.example.com"),
  installations: memoryInstallations(),
  accept: ["request"],
});
export const served: (request: Request) => Promise<Response> = withVerifier(verify, () => Response.json({}));
export const refused: Response = toResponse(new Error("no token"));
export const hash: string = qsh(new Request("https://example.atlassian.net/"));
export const asked = (message: NodeRequestLike): Request =>
  toRequest(message, { publicUrl: new URL("https://app.example.com") });
