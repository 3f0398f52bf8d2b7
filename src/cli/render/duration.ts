/**
 * Seconds and dates, as people say them.
 */

const UNITS: readonly [seconds: number, name: string][] = [
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** For example `2 minutes 5 seconds`: the two largest units. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds));
  const parts: string[] = [];
  for (const [size, name] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
    else if (parts.length > 0) break;
    rest %= size;
  }
  return parts.length === 0 ? "0 seconds" : parts.join(" ");
}

/** For example `in 3 minutes` or `4 seconds ago`. */
export function formatRelative(seconds: number): string {
  if (Math.abs(seconds) < 0.5) return "now";
  return seconds > 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(seconds)} ago`;
}

/** A claim's time in UTC; the number itself where it is no date. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace("T", " ").replace(/\.000Z$|Z$/, " UTC");
}
