// The canonical request, step by step.
import { canonicalRequest, qsh } from "jwt-qsh";
import { card, copyButton, h } from "./dom.mjs";

/** How a request becomes its hash; `undefined` for a request that has none. */
export function canonicalCard(request, baseUrl, title = "Canonical request, step by step") {
  const options = baseUrl === "" ? {} : { baseUrl };
  const canonical = canonicalRequest(request, options);
  const [method = "", path = "", ...pairs] = canonical.split("&");
  const written = String(request.url).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const [, rawPath = "", rawQuery = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(written) ?? [];
  const form = request.form ?? "";
  return card(
    title,
    h(
      "ol",
      { class: "steps" },
      step("Method", "in upper case", from(request.method, method)),
      step("Path", "the base path off, one trailing slash off, & escaped; nothing decoded", from(rawPath, path)),
      step(
        "Query",
        "decoded, without jwt, names sorted by their encoded form, values of a name sorted and joined",
        pairs.length === 0 ? h("p", { class: "none" }, "no parameters") : parameterTable(pairs),
        dropped(rawQuery, form),
      ),
      step("Canonical request", "METHOD & PATH & QUERY", h("pre", { class: "code wrap", tabindex: "0" }, ...colored(method, path, pairs)), copyButton(canonical, "the canonical request")),
      step("SHA-256", "in lower-case hex: the qsh claim", h("pre", { class: "code wrap", id: "computed-qsh", tabindex: "0" }, qsh(request, options)), copyButton(qsh(request, options), "the hash")),
    ),
  );
}

function step(name, rule, ...content) {
  return h("li", null, h("h3", null, name, h("small", null, rule)), ...content);
}

function from(before, after) {
  if (before === after) return h("p", { class: "change" }, h("code", null, after));
  return h("p", { class: "change" }, h("code", { class: "before" }, before === "" ? "(empty)" : before), h("span", { class: "arrow", "aria-label": "becomes" }, "→"), h("code", null, after));
}

function parameterTable(pairs) {
  const rows = pairs.map((pair) => {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals);
    const values = pair.slice(equals + 1).split(",");
    return h(
      "tr",
      null,
      h("td", null, h("code", null, decode(name))),
      h("td", null, ...values.flatMap((value, i) => [i === 0 ? null : h("span", { class: "comma" }, ","), h("code", null, value === "" ? h("i", null, "empty") : decode(value))])),
      h("td", null, h("code", { class: "dim" }, pair)),
    );
  });
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Parameters in canonical order" },
    h("table", null, h("thead", null, h("tr", null, ...["Name", "Value", "Canonical"].map((text) => h("th", { scope: "col" }, text)))), h("tbody", null, ...rows)),
  );
}

function dropped(query, form) {
  const count = `${query}&${form}`.split("&").filter((chunk) => /^jwt(?:=|$)/.test(chunk)).length;
  return count === 0 ? undefined : h("p", { class: "note" }, "The jwt parameter is left out: the token cannot hash itself.");
}

function colored(method, path, pairs) {
  const amp = () => h("span", { class: "amp" }, "&");
  return [h("span", { class: "part-method" }, method), amp(), h("span", { class: "part-path" }, path), amp(), h("span", { class: "part-query" }, pairs.join("&"))];
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
