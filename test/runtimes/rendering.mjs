/** The results for people: a table on the terminal, and Markdown for the documents. */
import { allFeatures } from "./cases/platform.mjs";
import { classes, expectedAbilities } from "./table.mjs";

const WIDTHS = [24, 14, 22, 7, 7, 9];
export const HEAD = ["runtime", "version", "engine (async, sync)", "cases", "passed", "time"];

/** One line of the terminal's table. */
export function line(cells) {
  return cells
    .map((cell, index) => String(cell).padEnd(WIDTHS[index] ?? 0))
    .join(" ")
    .trimEnd();
}

export function cellsOf({ runtime, version, engine, cases, passed, seconds }) {
  return [runtime, version, `${engine.async}, ${engine.sync}`, cases, passed, `${seconds.toFixed(2)} s`];
}

function markdownTable(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}

/** The results and the capability table, in Markdown. */
export function markdown(results) {
  const ran = results.filter(({ skipped }) => skipped === undefined);
  const runs = ran.map((one) => {
    const realms = one.realms.length > 1 ? `${one.runtime} (${one.realms.join(" and ")})` : one.runtime;
    return [realms, one.class].concat(cellsOf(one).slice(1));
  });
  const names = Object.keys(classes);
  const outcomes = names.map((name) => expectedAbilities(classes[name]));
  const tell = (outcome) => (outcome === "works" ? "yes" : `needs \`${outcome}\``);
  const abilities = Object.keys(outcomes[0]).map((ability) =>
    [ability].concat(outcomes.map((one) => tell(one[ability]))),
  );
  const isThere = (feature) => names.map((name) => (classes[name].features.includes(feature) ? "yes" : ""));
  const features = allFeatures.map((feature) => [`\`${feature}\``].concat(isThere(feature)));
  return [
    markdownTable(["runtime", "class", ...HEAD.slice(1)], runs),
    markdownTable(["what works", ...names], abilities),
    markdownTable(["what is there", ...names], features),
  ].join("\n\n");
}
