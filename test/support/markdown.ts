/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  /** What stands between this block and the one before, or the beginning. */
  readonly before: string;
}

/** The rows of the first table under a heading, without its head; each cell trimmed. */
export function tableUnder(markdown: string, heading: string): string[][] {
  const lines = markdown.split("\n");
  const from = lines.indexOf(heading);
  if (from < 0) throw new Error(`there is no heading "${heading}"`);
  const start = lines.findIndex((line, index) => index > from && line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  const rows = lines.slice(start + 2, end).map((line) => line.split("|").slice(1, -1));
  return rows.map((cells) => cells.map((cell) => cell.trim()));
}

/** Every fenced block of a text; its language is empty where none is named. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let end = 0;
  for (const match of text.matchAll(/^```([^`\n]*)\n([\s\S]*?)^```$/gm)) {
    const [whole, language = "", code = ""] = match;
    const before = text.slice(end, match.index);
    end = match.index + whole.length;
    blocks.push({ language, code, line: text.slice(0, match.index).split("\n").length, before });
  }
  return blocks;
}

/** What stands in backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

/** A text without what is code, line by line as it was. */
export function withoutCode(text: string): string {
  return text
    .replaceAll(/^```[^`\n]*\n[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ""))
    .replaceAll(/`[^`\n]+`/g, "");
}

/** Where the links and the pictures of a text lead. */
export function linksOf(text: string): { readonly target: string; readonly line: number }[] {
  const prose = withoutCode(text);
  const found = [
    ...prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...prose.matchAll(/\b(?:src|href)="([^"]+)"/g),
  ];
  return found.map((match) => ({ target: match[1] ?? "", line: prose.slice(0, match.index).split("\n").length }));
}

/** The anchors that GitHub gives to the headings of a text, and those that it sets itself. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const bare = text.replaceAll(/^```[^`\n]*\n[\s\S]*?^```$/gm, "");
  for (const [, heading = ""] of bare.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  for (const [, id = ""] of bare.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}
