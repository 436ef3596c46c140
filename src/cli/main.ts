/** The command line: `npm run -s faultline -- <command>`. */
console.error("usage: npm run -s faultline -- <command> [arguments]");
process.exitCode = 2;
