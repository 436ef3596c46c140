/** The command line: `npm run -s faultline -- <command>`. One file per command; docs/cli.md describes them. */
import * as conform from "./conform.ts";
import * as newLab from "./new.ts";
import { BAD_INPUT, createOutput, type ExitCode, OK, type Output } from "./output.ts";
import * as run from "./run.ts";
import * as vectors from "./vectors.ts";

interface Command {
  readonly name: string;
  readonly usage: string;
  readonly run: (argv: readonly string[], output: Output) => ExitCode;
}

const COMMANDS: readonly Command[] = [
  { name: "run", usage: run.usage, run: run.run },
  { name: "vectors", usage: vectors.usage, run: vectors.vectors },
  { name: "conform", usage: conform.usage, run: conform.conform },
  { name: "new", usage: newLab.usage, run: newLab.newLab },
];

/** Runs the command that the arguments name. */
export function main(argv: readonly string[], output: Output): ExitCode {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help") {
    const about = COMMANDS.find((one) => one.name === rest[0]);
    for (const { usage } of about === undefined ? COMMANDS : [about]) output.line(usage);
    if (about === undefined)
      output.line("Exit code: 0 all is as it should be, 1 something falls short, 2 the input is wrong.");
    return name === undefined ? BAD_INPUT : OK;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    output.complain(`there is no command "${name}"; there is ${COMMANDS.map((one) => one.name).join(", ")}, help`);
    return BAD_INPUT;
  }
  if (rest.includes("--help")) {
    output.line(command.usage);
    return OK;
  }
  return command.run(rest, output);
}

// A reader that has seen enough (head, less) closes the pipe; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = main(
  process.argv.slice(2),
  createOutput(process.stdout, process.stderr, () => performance.now()),
);
