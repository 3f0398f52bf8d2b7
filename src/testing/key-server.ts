import type { WebRequest, WebResponse } from "../types.ts";
import type { KeyRing } from "./key-ring.ts";

const NO_SUCH_KEY = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>";

/** Serves the install keys: the PEM at `<base>/<kid>`, an HTML page for a `kid` that nobody has. */
export function createKeyServer(base: string, ring: KeyRing): (request: WebRequest) => Promise<WebResponse> {
  return async (request) => {
    const kid = decodeURIComponent(new URL(request.url).href.slice(base.length + 1));
    const key = await ring.find(kid);
    if (key === undefined) return new Response(NO_SUCH_KEY, { status: 404, headers: { "content-type": "text/html" } });
    return new Response(key.pem, { headers: { "content-type": "application/x-pem-file" } });
  };
}

/** Serves a JSON Web Key Set. */
export function createJwksServer(ring: KeyRing): (request: WebRequest) => Promise<WebResponse> {
  return async () => {
    const keys = await ring.published();
    return new Response(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), {
      headers: { "content-type": "application/json" },
    });
  };
}
