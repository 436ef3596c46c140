/**
 * The glossary as data for the help page and for hints beside words. docs/glossary.md is the source, so the text
 * is read on paper and on screen alike. Import it lazily: it is text that the first page does not need.
 */
import markdown from "../../../docs/glossary.md?raw";

export interface GlossaryTerm {
  readonly term: string;
  /** As people say it, such as "HW"; null if there is none. */
  readonly shortForm: string | null;
  /** One sentence. */
  readonly sentence: string;
  /** Heading under which the term stands. */
  readonly group: string;
}

/** Every term, in the order of the file. */
export const glossary: readonly GlossaryTerm[] = parseGlossary(markdown);

/**
 * Reads lines of the form `- **term** (short form): sentence.` below `## group` headings. Other lines are passed
 * over, and a line that starts like a term but does not go on like one is an error.
 */
export function parseGlossary(text: string): GlossaryTerm[] {
  const terms: GlossaryTerm[] = [];
  let group = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("## ")) group = line.slice(3).trim();
    if (!line.startsWith("- **")) continue;
    const [, term, shortForm, sentence] = /^- \*\*(.+?)\*\*(?: \((.+?)\))?: (.+)$/.exec(line) ?? [];
    if (term === undefined || sentence === undefined) throw new Error(`docs/glossary.md: cannot read "${line}"`);
    terms.push({ term, shortForm: shortForm ?? null, sentence, group });
  }
  return terms;
}
