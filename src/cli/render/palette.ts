/**
 * Colours, and text that is safe to print.
 */

/** Paints text; without colours it gives the text back. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** What differs: red behind it, so that a space shows too. */
  mark(text: string): string;
}

/** @param color whether the terminal shows colours */
export function createPalette(color: boolean): Palette {
  const paint = (on: number, off: number) => (text: string) => (color && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    mark: paint(41, 49),
  };
}

/** Shows what would move the cursor, change colours or turn the reading direction: a token's text is not to be trusted. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]|\p{Surrogate}/gu, (char) => `\\u{${(char.codePointAt(0) as number).toString(16)}}`);
}
