// Two canonical requests, one above the other, and where they part.
import { card, h } from "./dom.mjs";

export function differenceCard({ match, causes, alternatives, canonical, variant, diff }) {
  if (match === "exact") return undefined;
  return card(
    "Why the hash differs",
    ...causes.map(causeBlock),
    match === "none" && causes.length === 0
      ? h("p", { class: "note" }, "No known mistake, and no two of them, make this hash of this request. Probably another request was signed: compare method, path and query as they were when the token was made. Proxies, redirects and frameworks change them on the way.")
      : null,
    variant === undefined || diff === undefined ? null : comparison(canonical, variant, diff),
    alternatives.length === 0
      ? null
      : h("details", null, h("summary", null, `${alternatives.length} other ${alternatives.length === 1 ? "mistake makes" : "mistakes make"} the same hash`), h("ul", null, ...alternatives.map(({ message }) => h("li", null, message)))),
  );
}

function causeBlock({ code, message, fix, peers }) {
  return h(
    "div",
    { class: "cause", "data-code": code },
    h("p", { class: "what" }, sentence(message)),
    h("p", { class: "fix" }, h("b", null, "Fix"), sentence(fix)),
    peers === undefined ? null : h("p", { class: "peers" }, h("b", null, "Seen in"), peers.join(", ")),
  );
}

function comparison(canonical, variant, { index, byte }) {
  return h(
    "figure",
    { class: "comparison" },
    h("figcaption", null, `They part at byte ${byte}.`),
    h("div", { class: "scroll code", tabindex: "0", role: "region", "aria-label": "Both canonical requests" }, line("expected", canonical, index), line("signed", variant, index)),
  );
}

function line(name, text, index) {
  const at = String.fromCodePoint(...[text.codePointAt(index)].filter((code) => code !== undefined));
  return h(
    "div",
    { class: `line ${name}` },
    h("span", { class: "label" }, name),
    h("span", { class: "text" }, text.slice(0, index), at === "" ? h("mark", { class: "end", "aria-label": "ends here" }) : h("mark", null, at), h("span", { class: "rest" }, text.slice(index + at.length))),
  );
}

/** The library's texts are phrases; here they stand alone. */
export function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
