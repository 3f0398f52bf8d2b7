// The second tab: a token for a request.
import { signConnectToken } from "jwt-qsh/connect";
import { canonicalCard } from "./canonical-view.mjs";
import { $, card, copyButton, h, icon, icons } from "./dom.mjs";
import { readRequest, replace } from "./explain-view.mjs";

export function createSignView() {
  let turn = 0;
  return async function update(fields) {
    const mine = ++turn;
    const { request } = readRequest(fields);
    replace($("sign-canonical"), request === undefined ? undefined : canonicalCard(request, fields.base, "What is signed, step by step"));
    const needed = [
      [request === undefined, "the URL"],
      [fields.base === "", "the base URL"],
      [fields.appKey === "", "the app key"],
      [fields.secret === "", "the secret"],
    ].filter(([lacks]) => lacks);
    if (needed.length > 0) {
      show("empty", "Sign a request", `Still needed: ${needed.map(([, name]) => name).join(", ")}.`);
      replace($("signed"), undefined);
      return;
    }
    try {
      const token = await signConnectToken(absolute(request, fields.base), {
        appKey: fields.appKey,
        sharedSecret: fields.secret,
        baseUrl: fields.base,
        lifetime: Number(fields.lifetime),
        allowShortSecret: true,
      });
      if (mine !== turn) return;
      show("valid", "Signed", `Good for ${fields.lifetime} seconds, for this request alone.`);
      replace($("signed"), signedCard(token, request, fields));
    } catch (error) {
      if (mine !== turn) return;
      show("invalid", "Cannot sign this", `${error.message}.`);
      replace($("signed"), undefined);
    }
  };
}

/** A raw target belongs to the site of the base. */
function absolute(request, base) {
  return request.url.startsWith("/") ? { ...request, url: new URL(base).origin + request.url } : request;
}

function signedCard(token, request, fields) {
  const { url } = absolute(request, fields.base);
  const data = request.form === undefined ? "" : ` -d ${quote(request.form)}`;
  const curl = `curl -X ${request.method.toUpperCase()} -H ${quote(`Authorization: JWT ${token}`)}${data} ${quote(url)}`;
  return card(
    "Token",
    row("Authorization header", `JWT ${token}`, "the header"),
    row("curl", curl, "the curl command"),
  );
}

function row(label, text, what) {
  return h("div", { class: "output" }, h("h3", null, label), h("pre", { class: "code wrap", tabindex: "0", "aria-label": label }, text), copyButton(text, what));
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function show(verdict, title, text) {
  $("sign-verdict").dataset.verdict = verdict;
  replace($("sign-verdict"), [h("div", { class: "badge" }, icon(icons[verdict])), h("div", null, h("h2", null, title), h("p", null, text))]);
}
