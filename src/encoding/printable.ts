/**
 * Text from afar, for people to read.
 */

/**
 * What steers a terminal, or breaks a line: Unicode's control and format characters, and its line separators. By their
 * code points, because Hermes knows no `\p`.
 */
const STEERING =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]+/gu;

/** The text on one line: each run of what steers becomes a space. */
export function oneLine(text: string): string {
  return text.replace(STEERING, " ");
}

/** Whether there is a control character (Unicode's Cc) in a text. */
export function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
