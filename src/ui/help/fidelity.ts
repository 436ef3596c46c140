/**
 * What the model does, simplifies and leaves out, as data for the help page. docs/fidelity.md is the source. Import it lazily.
 *
 * Reads headings, paragraphs, tables, and lines that are bold as a whole; nothing else of Markdown is used there.
 */
import markdown from "../../../docs/fidelity.md?raw";

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "title"; readonly text: string }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export interface FidelitySection {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Columns about our own source; readers of the page have no use for them. */
const ours = ["where"];

export function parseFidelity(text: string): FidelitySection[] {
  const sections: { title: string; blocks: Block[] }[] = [];
  let blocks: Block[] = [];
  const start = (title: string) => {
    blocks = [];
    sections.push({ title, blocks });
  };
  const paragraphs = text.split(/\n\s*\n/);
  for (const paragraph of paragraphs) {
    const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
    const [first = ""] = lines;
    if (first === "") continue;
    if (first.startsWith("# ")) start("");
    else if (first.startsWith("## ")) start(first.slice(3).trim());
    else if (sections.length === 0) start("");
    const rest = first.startsWith("#") && !first.startsWith("###") ? lines.slice(1) : lines;
    const [line = ""] = rest;
    if (line === "") continue;
    const title = /^(?:### |\*\*)(.+?)(?:\*\*)?$/.exec(line)?.[1];
    if (line.startsWith("|")) blocks.push(tableOf(rest));
    else if (title !== undefined && rest.length === 1) blocks.push({ kind: "title", text: title });
    else blocks.push({ kind: "text", text: rest.join(" ") });
  }
  return sections.filter((section) => section.blocks.length > 0);
}

function tableOf(lines: readonly string[]): Block {
  const [head = [], , ...rows] = lines.map(cellsOf);
  const kept = head.flatMap((name, index) => (ours.includes(name) ? [] : [index]));
  const pick = (row: readonly string[]) => kept.map((index) => row[index] ?? "");
  return { kind: "table", head: pick(head), rows: rows.map(pick) };
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** Parts of a sentence: plain, and set as code. */
export function partsOf(text: string): readonly { readonly text: string; readonly isCode: boolean }[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("`") ? { text: part.slice(1, -1), isCode: true } : { text: part, isCode: false }));
}

export const fidelity: readonly FidelitySection[] = parseFidelity(markdown);
