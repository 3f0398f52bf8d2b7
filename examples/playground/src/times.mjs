// Seconds and dates, as people say them.

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const units = [
  ["year", 31557600],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** For example "3 minutes ago" or "in 12 seconds". */
export function ago(seconds) {
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units.at(-1);
  return relative.format(Math.trunc(seconds / size), unit);
}

/** For example "3 minutes". */
export function lasting(seconds) {
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units.at(-1);
  const count = Math.round(Math.abs(seconds) / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A date and time in the reader's own time zone. */
export function dated(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "no date" : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}
