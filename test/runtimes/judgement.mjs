/** Holds what an engine reports against the table. */
import { classes, expectedAbilities } from "./table.mjs";

/**
 * What is wrong with one realm's report, in words.
 *
 * @param className the class that the table puts the engine into
 * @param expectedCounts the cases by family that an engine of this class runs
 */
export function judgeReport(report, className, expectedCounts) {
  const expected = classes[className];
  const faults = [...report.failures];
  if (report.mac !== expected.mac || report.sync !== expected.sync) {
    faults.push(`crypto: the table says ${expected.mac}, ${expected.sync}; it was ${report.mac}, ${report.sync}`);
  }
  const [had, wanted] = [new Set(report.features), new Set(expected.features)];
  for (const name of had) if (!wanted.has(name)) faults.push(`gained ${name}, which the table does not know`);
  for (const name of wanted) if (!had.has(name)) faults.push(`lost ${name}, which the table promises`);
  for (const [name, wantedOutcome] of Object.entries(expectedAbilities(expected))) {
    const outcome = report.abilities[name] ?? "is not tried";
    if (outcome !== wantedOutcome) faults.push(`${name}: by the table it ${tell(wantedOutcome)}, here it ${tell(outcome)}`);
  }
  for (const [family, count] of Object.entries(expectedCounts)) {
    const ran = report.families[family] ?? 0;
    if (ran !== count) faults.push(`${family}: ${ran} cases ran, ${count} must`);
  }
  return faults;
}

function tell(outcome) {
  const isTold = outcome === "works" || outcome === "is not tried" || outcome.startsWith("fails: ");
  return isTold ? outcome : `is refused for want of ${outcome}`;
}
