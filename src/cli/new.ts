/** `new SLUG`: writes the scenario file of a new lab, with everything that a lab has and a word on each part. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { readArgs } from "./args.ts";
import { BAD_INPUT, type ExitCode, OK, type Output } from "./output.ts";
import { template } from "./template.ts";

export const usage = `new SLUG
  Writes scenarios/SLUG.yaml, a lab that runs, to be changed into yours.`;

export function newLab(argv: readonly string[], output: Output): ExitCode {
  const args = readArgs(argv, {});
  const [slug, ...others] = args.words;
  const mistakes = [...args.mistakes];
  if (slug === undefined || others.length > 0) mistakes.push("new needs one name, such as slow-follower");
  else if (!/^[a-z][a-z0-9-]{1,60}$/.test(slug))
    mistakes.push(`"${slug}" is no name for a lab: small letters, digits and hyphens`);
  const path = `scenarios/${slug}.yaml`;
  if (mistakes.length === 0 && existsSync(path)) mistakes.push(`${path} exists already`);
  for (const mistake of mistakes) output.complain(mistake);
  if (slug === undefined || mistakes.length > 0) return BAD_INPUT;
  mkdirSync("scenarios", { recursive: true });
  writeFileSync(path, template(slug));
  output.line(`wrote ${path}`);
  output.line(`play it with: npm run -s faultline -- run ${path}`);
  output.line(
    "every form is shown in docs/scenario-format.md; when it is done: npm run golden -- test/scenarios.test.ts",
  );
  return OK;
}
