// Wires the fields of the page to its two tabs. Nothing is stored, and nothing leaves the page.
import { $, h, toast, copyText } from "./dom.mjs";
import { createExplainView } from "./explain-view.mjs";
import { readPastedRequest } from "./pasted-request.mjs";
import { tokenOf } from "./sample-token.mjs";
import { samples } from "./samples.mjs";
import { fromShared, toShared } from "./share.mjs";
import { createSignView } from "./sign-view.mjs";

const explainFields = { token: "token", method: "method", url: "url", base: "base", form: "form", appKey: "app-key", clientKey: "client-key", secret: "secret" };
const signFields = { method: "sign-method", url: "sign-url", base: "sign-base", form: "sign-form-body", appKey: "sign-app-key", lifetime: "sign-lifetime", secret: "sign-secret" };

const explain = createExplainView(loadSample);
const sign = createSignView();
const read = (fields) => Object.fromEntries(Object.entries(fields).map(([name, id]) => [name, $(id).value]));
const direction = () => document.querySelector("input[name=direction]:checked").value;
const updateExplain = () => explain({ ...read(explainFields), direction: direction() }).then(peek);
const updateSign = () => sign(read(signFields));

function fill(values) {
  for (const [name, id] of Object.entries(explainFields)) if (values[name] !== undefined) $(id).value = values[name];
  const chosen = document.querySelector(`input[name=direction][value="${values.direction ?? ""}"]`);
  if (values.direction !== undefined && chosen !== null) chosen.checked = true;
  grow();
}

/** Text areas are as high as their text. */
function grow() {
  for (const area of document.querySelectorAll("textarea")) {
    area.style.height = "auto";
    if (area.scrollHeight > 0) area.style.height = `${Math.min(area.scrollHeight + 2, 320)}px`;
  }
}

/** A whole request in the first field fills in the others. */
function spread() {
  const found = readPastedRequest($("token").value);
  $("pasted").textContent = "";
  if (found === undefined) return;
  fill(found);
  $("pasted").textContent = found.token === "" ? "The request was read, but it has no token." : "The request was read into the fields below.";
}

let pending;
function soon(update) {
  clearTimeout(pending);
  pending = setTimeout(update, 60);
}

// Tabs, as the ARIA authoring practices have them: arrows move, the other tab is out of the tab order.
const tabs = [$("tab-explain"), $("tab-sign")];
function select(tab) {
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    $(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  grow();
}
const mode = () => (tabs[1].getAttribute("aria-selected") === "true" ? "sign" : "explain");
for (const [i, tab] of tabs.entries()) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const target = { ArrowRight: tabs[(i + 1) % 2], ArrowLeft: tabs[(i + 1) % 2], Home: tabs[0], End: tabs[1] }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(target);
    target.focus();
  });
}

$("token").addEventListener("input", spread);
$("explain-form").addEventListener("input", () => (grow(), soon(updateExplain)));
$("sign-form").addEventListener("input", () => (grow(), soon(updateSign)));
for (const form of [$("explain-form"), $("sign-form")]) form.addEventListener("submit", (event) => event.preventDefault());

$("sample").append(...samples.map(({ name }, i) => h("option", { value: String(i) }, name)));
$("sample").addEventListener("change", () => {
  const sample = samples[Number($("sample").value)];
  if ($("sample").value !== "" && sample !== undefined) void loadSample(sample);
  $("sample").value = "";
});

async function loadSample(sample) {
  select(tabs[0]);
  fill({ ...sample.fields, token: await tokenOf(sample) });
  $("pasted").textContent = "";
  await updateExplain();
  $("verdict").focus({ preventScroll: matchMedia("(min-width: 960px)").matches });
}

// On a small screen the verdict is far below the fields: a line at the foot tells it, until it is in view.
const watcher = new IntersectionObserver(([entry]) => $("peek").classList.toggle("away", entry.isIntersecting));
watcher.observe($("verdict"));
function peek() {
  $("peek").textContent = $("verdict").querySelector("h2")?.textContent ?? "";
  $("peek").classList.toggle("told", $("token").value !== "");
}

$("clear").addEventListener("click", () => {
  $("explain-form").reset();
  $("sign-form").reset();
  $("pasted").textContent = "";
  history.replaceState(null, "", location.pathname + location.search);
  grow();
  void updateExplain();
  void updateSign();
});

$("share").addEventListener("click", async () => {
  const fields = mode() === "sign" ? read(signFields) : read(explainFields);
  const fragment = toShared({ mode: mode(), ...fields, direction: mode() === "sign" ? "" : direction() });
  history.replaceState(null, "", `#${fragment}`);
  toast((await copyText(location.href)) ? "Copied a link to the shape of this request: no token, secret or value is in it" : "The link is in the address bar");
});

$("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = dark === "dark" ? "light" : "dark";
});

function open() {
  const shared = fromShared(location.hash);
  if (shared === undefined) return;
  if (shared.mode === "sign") {
    select(tabs[1]);
    for (const name of ["method", "url", "base", "form"]) $(signFields[name]).value = shared[name];
  } else fill(shared);
}
addEventListener("hashchange", () => (open(), void updateExplain(), void updateSign()));

$("engine").textContent = globalThis.crypto?.subtle === undefined ? "This origin is not secure, so plain JavaScript does the cryptography here." : "WebCrypto does the cryptography here.";
open();
void updateExplain();
void updateSign();
// Ages are told in words, which go out of date.
setInterval(() => document.visibilityState === "visible" && $("token").value !== "" && document.activeElement?.id !== "verdict" && mode() === "explain" && refresh(), 5000);

/** Only while nobody reads with the selection or the focus in the results. */
function refresh() {
  const results = document.querySelector("#panel-explain .results");
  if (results.contains(document.activeElement) || results.contains(getSelection()?.anchorNode ?? null) || results.querySelector("details[open]") !== null) return;
  void updateExplain();
}
