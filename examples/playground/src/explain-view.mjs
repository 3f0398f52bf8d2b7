// The first tab: what is wrong with a token.
import { canonicalRequest } from "jwt-qsh";
import { explainToken } from "jwt-qsh/connect";
import { canonicalCard } from "./canonical-view.mjs";
import { differenceCard, sentence } from "./difference-view.mjs";
import { $, card, h, icon, icons } from "./dom.mjs";
import { samples } from "./samples.mjs";
import { tokenCard } from "./token-view.mjs";
import { lasting } from "./times.mjs";

/** What is told first, when several things are wrong: the deepest cause. An old token is the least of them. */
const WEIGHTS = [/^token-malformed/, /^algorithm|^header/, /^secret-|^signature/, /^times-in|^claim-/, /^forge|-not-accepted$/, /^qsh/, /^issuer|^audience/, /./];

/** Reads the fields, asks the library, shows the answer. The latest question wins. */
export function createExplainView(loadSample) {
  let turn = 0;
  return async function update(fields) {
    const mine = ++turn;
    const { request, problem } = readRequest(fields);
    if (fields.token.trim() === "") {
      showEmpty(loadSample);
      replace($("canonical"), request === undefined ? undefined : canonicalCard(request, fields.base));
      return;
    }
    const explanation = await explainToken(fields.token, contextOf(fields, request));
    if (mine !== turn) return;
    const now = Date.now() / 1000;
    replace($("verdict"), verdict(explanation, problem));
    $("verdict").dataset.verdict = explanation.verdict;
    replace($("findings"), findingsCard(explanation, problem));
    replace($("difference"), explanation.qsh === undefined ? undefined : differenceCard(explanation.qsh));
    scrollToDifference();
    replace($("canonical"), request === undefined ? undefined : canonicalCard(request, fields.base));
    replace($("decoded"), tokenCard(bareToken(fields.token), explanation, now));
  };
}

function contextOf({ base, direction, appKey, clientKey, secret, form, method }, request) {
  const key = secret.trim().startsWith("-----BEGIN") || secret.trim().startsWith("{") ? { publicKey: readKey(secret) } : { sharedSecret: secret };
  return {
    ...(direction === "" ? {} : { direction }),
    ...(appKey === "" ? {} : { appKey: appKey.trim() }),
    ...(clientKey === "" ? {} : { clientKey: clientKey.trim() }),
    ...(secret === "" ? {} : key),
    ...(base === "" ? {} : { baseUrl: base.trim() }),
    ...(request === undefined ? {} : { request }),
    ...(form !== "" && method.toUpperCase() !== "POST" ? { body: form } : {}),
  };
}

function readKey(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

/** The request, or why it is none. */
export function readRequest({ method, url, form, base }) {
  if (url.trim() === "") return {};
  const request = { method: method.trim(), url: url.trim(), ...(form !== "" && method.trim().toUpperCase() === "POST" ? { form } : {}) };
  try {
    canonicalRequest(request, base === "" ? {} : { baseUrl: base });
    return { request };
  } catch {
    return { problem: "A request needs a method." };
  }
}

function verdict({ verdict: result, findings, qsh, kind }, problem) {
  const [worst] = findings.filter(({ level }) => level === "error").sort((a, b) => weight(a) - weight(b));
  const note = kind === "context" ? "; a context token is bound to no request" : "";
  const words = {
    valid: () => ["Nothing is wrong", `Everything that can be checked here holds${note}.`],
    unchecked: () => ["Nothing is wrong so far", problem ?? `Add ${missing(findings)} to check the rest.`],
    invalid: () => ["This is refused", headline(worst, qsh)],
  };
  const [title, text] = words[result]();
  return [h("div", { class: "badge" }, icon(icons[result])), h("div", null, h("h2", null, title), h("p", null, text))];
}

function headline(worst, qsh) {
  if (worst?.code !== "qsh-mismatch") return sentence(withSeconds(worst));
  const causes = qsh?.causes ?? [];
  if (causes.length === 0) return "The query string hash is not that of this request, and no known mistake makes it.";
  return causes.map(({ message }) => sentence(message)).join(" ");
}

function withSeconds({ code, message, seconds }) {
  if (seconds === undefined) return message;
  return { expired: `${message}, ${lasting(seconds)} ago`, "not-yet-valid": `${message}, by ${lasting(seconds)}` }[code] ?? message;
}

function weight({ code }) {
  return WEIGHTS.findIndex((pattern) => pattern.test(code));
}

function missing(findings) {
  const open = new Set(findings.map(({ code }) => code));
  return [open.has("signature-not-checked") && "the secret", open.has("qsh-not-checked") && "the request"].filter(Boolean).join(" and ");
}

const SIGNS = {
  error: ["✗", "wrong"],
  warning: ["!", "careful"],
  info: ["✓", "good"],
  open: ["–", "not checked"],
};

function findingsCard({ findings }, problem) {
  const items = [...findings].sort((a, b) => rank(a) - rank(b)).map((finding) => {
    const { level, code, fix, claim } = finding;
    const kind = code.endsWith("-not-checked") ? "open" : level;
    const [sign, word] = SIGNS[kind];
    return h(
      "li",
      { class: kind, "data-code": code },
      h("span", { class: "sign", "aria-label": word, role: "img" }, sign),
      h("div", null, h("p", null, sentence(withSeconds(finding)), claim === undefined ? null : h("code", { class: "claim" }, claim)), level === "info" || fix === undefined ? null : h("p", { class: "fix" }, sentence(fix))),
    );
  });
  if (problem !== undefined) items.push(h("li", { class: "warning" }, h("span", { class: "sign", role: "img", "aria-label": "careful" }, "!"), h("p", null, problem)));
  return card("Checks", h("ul", { class: "findings" }, ...items));
}

function rank({ level, code }) {
  return { error: 0, warning: 1, info: code.endsWith("-not-checked") ? 2 : 3 }[level];
}

function showEmpty(loadSample) {
  const badge = h("div", { class: "badge" }, icon(icons.empty));
  replace($("verdict"), [badge, h("div", null, h("h2", null, "Why is it 401?"), h("p", null, "Paste a token, or the whole failing request, and read the cause. Or load an example."))]);
  $("verdict").dataset.verdict = "empty";
  const buttons = samples.map((sample) => h("li", null, h("button", { type: "button", onclick: () => loadSample(sample) }, sample.name)));
  replace($("findings"), card("Try one that fails", h("ul", { class: "samples" }, ...buttons)));
  for (const id of ["difference", "decoded"]) replace($(id), undefined);
}

/** Long requests part far to the right. */
function scrollToDifference() {
  const box = $("difference").querySelector(".scroll");
  const mark = box?.querySelector("mark");
  if (mark) box.scrollLeft = Math.max(0, mark.offsetLeft - box.clientWidth / 2);
}

function bareToken(text) {
  return /[\w-]+\.[\w-]+\.[\w-]*/.exec(text)?.[0] ?? "";
}

export function replace(place, content) {
  place.replaceChildren(...(content === undefined ? [] : [content].flat()));
}
