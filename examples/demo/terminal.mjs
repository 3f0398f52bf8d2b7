// How the story looks on a terminal; plain text where there is none.
const colours = process.stdout.isTTY && !process.env.NO_COLOR;
// Whoever reads may have seen enough (`| head`): the story is told to its end, and the exit code says how it ended.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const paint = (code) => (text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : String(text));

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const cyan = paint(36);

export function title(text) {
  console.log(`\n${bold(text)}\n${dim("─".repeat(text.length))}`);
}

export function say(text) {
  console.log(`\n${text}`);
}

/** A labelled line; long values are cut in the middle. */
export function fact(label, value) {
  const text = String(value);
  const shown = text.length > 150 ? `${text.slice(0, 90)} … ${text.slice(-40)}` : text;
  console.log(`  ${dim(label.padEnd(12))} ${cyan(shown)}`);
}

export function verdict(who, good, text) {
  console.log(`  ${dim(who.padEnd(12))} ${good ? green(`✔ ${text}`) : red(`✘ ${text}`)}`);
}
