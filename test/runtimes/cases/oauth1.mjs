/** The vectors of OAuth 1.0a: base strings, signatures, keys in disguise, and what a server makes of them. */
import {
  createOAuth1Signer,
  oauth1Signature,
  signatureBaseString,
  verifyOAuth1Request,
} from "../../../dist/oauth1.js";
import { equal, oneOf, refused, settled, truth, UNSUPPORTED } from "./verdict.mjs";

const SPOKEN = new Set(["RSA-SHA1", "RSA-SHA256", "HMAC-SHA1", "HMAC-SHA256"]);
/** What the signer writes: these six. */
const WRITTEN =
  "oauth_consumer_key,oauth_nonce,oauth_signature_method,oauth_timestamp,oauth_token,oauth_version";

function formOf({ content_type: type = "", body }) {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type) ? body : undefined;
}

export function oauth1Cases({ oauth1 }, { add, has }) {
  const canSign = has("crypto.subtle");
  for (const vector of oauth1.signature_vectors) {
    const { id, request, oauth_params: oauthParams, signature_method: signatureMethod, expect: want } = vector;
    const key = vector.key_id === undefined ? undefined : oauth1.keys[vector.key_id];
    const { consumer_secret: consumerSecret = "", token_secret: tokenSecret = "" } = vector;
    const form = formOf(request);
    add(
      `base string: ${id}`,
      () => {
        const { method, url } = request;
        const text = signatureBaseString({ method, url, oauthParams, ...(form !== undefined && { form }) });
        equal(text, want.base_string, "signatureBaseString");
      },
      "URL",
    );
    add(`signature: ${id}`, async () => {
      const proof = key === undefined ? { consumerSecret, tokenSecret } : { privateKey: key.private_pem };
      const sign = () => oauth1Signature(want.base_string, { signatureMethod, ...proof });
      if (!SPOKEN.has(signatureMethod)) return void (await refused(sign, "ERR_INVALID_ARG_VALUE", "a foreign method"));
      if (canSign) equal(await sign(), want.signature, "oauth1Signature");
      else equal((await refused(sign, UNSUPPORTED, "without crypto.subtle")).feature, "crypto.subtle", "the feature");
    });
    const names = oauthParams.map(([name]) => name).sort().join();
    if (vector.transmission === "header" && SPOKEN.has(signatureMethod) && names === WRITTEN) {
      const secret = key === undefined ? { consumerSecret } : { privateKey: key.private_pem };
      add(`header: ${id}`, () => judgeHeader(vector, secret, tokenSecret), "crypto.subtle", "URL", "Request");
    }
  }
  for (const [name, key] of Object.entries(oauth1.keys)) {
    add(
      `key ${name}: each form of it signs alike`,
      async () => {
        const forms = [key.private_pem, key.private_pkcs1_pem, key.private_pkcs8_pem];
        const signatures = await Promise.all(forms.map((privateKey) => oauth1Signature("a&b&c", { privateKey })));
        equal(new Set(signatures).size, 1, "signatures");
      },
      "crypto.subtle",
    );
  }
  const { message, cases } = oauth1.pem_inputs;
  for (const { id, pem, passphrase, expect: want } of cases) {
    add(`key in disguise: ${id}`, async () => {
      const options = { privateKey: pem, ...(passphrase !== undefined && { passphrase }) };
      const { value, error } = await settled(() => oauth1Signature(message, options));
      oneOf(error?.code ?? "ok", [want.ok ? "ok" : "ERR_KEY_INVALID"], "oauth1Signature", canSign);
      if (value !== undefined) equal(value, want.signature, "the signature");
    });
  }
  verificationCases(oauth1, add);
}

/** What the signer itself makes of a vector, when clock and nonce are the vector's. */
async function judgeHeader({ request, oauth_params: pairs, signature_method: signatureMethod, expect: want }, secret, tokenSecret) {
  const read = (name) => pairs.find((pair) => pair[0] === name)[1];
  const sign = createOAuth1Signer({
    baseUrl: new URL("/", request.url),
    unsafeHttp: true,
    consumerKey: read("oauth_consumer_key"),
    signatureMethod,
    ...secret,
    token: { token: read("oauth_token"), tokenSecret },
    now: () => Number(read("oauth_timestamp")),
    nonce: () => read("oauth_nonce"),
  });
  const { method, url, content_type: type, body } = request;
  const headers = type === undefined ? {} : { "content-type": type };
  // As bytes: text would bring a content type of its own.
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
  const signed = await sign(new Request(url, { method, headers, ...(bytes && { body: bytes }) }));
  const written = `oauth_signature="${encodeURIComponent(want.signature)}"`;
  truth(signed.headers.get("authorization").includes(written), "the signature in the header");
  equal(await signed.text(), body ?? "", "the body");
}

/** In order, against one memory of nonces: they are one case. */
function verificationCases({ keys, verification: { provider, cases } }, add) {
  const run = async () => {
    const used = new Set();
    const options = {
      findConsumer: (consumerKey) => {
        const known = provider.consumers.find(({ key }) => key === consumerKey);
        return known && { publicKey: keys[known.key_id].public_spki_pem };
      },
      replayGuard: { seen: (id) => used.has(id) || !used.add(id) },
      now: () => provider.now_unix_seconds,
      window: provider.timestamp_window_seconds,
    };
    const findToken = (token) => {
      const known = provider.access_tokens.find((record) => record.token === token);
      return known && { consumerKey: known.consumer_key, tokenSecret: known.secret, expiresAt: known.expires_at };
    };
    for (const { id, request, expect: want } of cases) {
      const { method, url, authorization, content_type: type, body } = request;
      const headers = { authorization, ...(type !== undefined && { "content-type": type }) };
      const message = new Request(url, { method, headers, ...(body !== undefined && { body }) });
      const withToken = url.endsWith("/request-token") ? {} : { findToken };
      const { value, error } = await settled(() => verifyOAuth1Request(message, { ...options, ...withToken }));
      if (want.accept) equal([value?.kind, error?.problem], ["oauth1", undefined], id);
      else equal([error?.problem, error?.status], [want.oauth_problem, want.status], id);
    }
  };
  add("a server's verdicts, in order", run, "crypto.subtle", "URL", "Request");
}
