// The app: it knows its tenants, and answers only whom it can prove.
import { qsh, QshError, secretKey, TokenError, verifyJwt } from "jwt-qsh";

export function createApp({ baseUrl }) {
  const keys = new Map();

  async function identify(request) {
    const url = new URL(request.url);
    const token = url.searchParams.get("jwt") ?? /^JWT (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) throw new TokenError("ERR_TOKEN_MISSING", "request carries no token");
    const tenant = ({ claims }) => {
      const key = keys.get(claims.iss);
      if (key === undefined) throw new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify");
      return key;
    };
    const { claims } = await verifyJwt(token, tenant, { requiredClaims: ["iss", "qsh"] });
    // Products sign the percent-decoded path when they call an app.
    if (claims.qsh !== qsh(request, { baseUrl, path: "decoded" })) {
      throw new QshError("ERR_QSH_MISMATCH", '"qsh" claim is not the hash of this request');
    }
    return claims;
  }

  return {
    install: ({ clientKey, sharedSecret }) => keys.set(clientKey, secretKey(sharedSecret)),
    async fetch(request) {
      try {
        const { iss, sub } = await identify(request);
        return new Response(`hello ${sub ?? "nobody"} of tenant ${iss.slice(0, 8)}…`);
      } catch (error) {
        return new Response(`${error.name} ${error.code}: ${error.message}`, { status: 401 });
      }
    },
  };
}
