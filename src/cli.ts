// SPDX-License-Identifier: GPL-3.0-or-later
import { Command, CommanderError, Option } from "commander";
import { EXIT, tell } from "./commands/find.ts";
import { DiskError } from "./io/disk.ts";
import { expectShortRun } from "./io/short-run.ts";
import { terminal } from "./io/terminal.ts";
import { version } from "./version.ts";

expectShortRun();

const topology = [
  "[topology]",
  "a topology file, or - for standard input (default: topology.yaml here, else the built-in example)",
] as const;
const format = () =>
  new Option("--format <format>", "how findings are shown").choices(["pretty", "json"]).default("pretty");
const strict = ["--strict", "let warnings fail the command"] as const;

const program = new Command("qwbtc-salt")
  .description("Compiles a typed topology of Bitcoin qubes into a Qubes Salt formula tree that dom0 can apply.")
  .version(version)
  .showHelpAfterError("Run qwbtc-salt --help for the commands.")
  .exitOverride()
  .addHelpText("after", "\nExit codes: 0 well, 1 findings or differences, 2 usage or disk, 70 a bug in qwbtc-salt.");

// Each command is loaded when it is asked for: --help stays quick.
program
  .command("init")
  .description("write a topology to start from, with the JSON Schema for your editor")
  .argument("[folder]", "where", ".")
  .action(async (folder) => exit((await import("./commands/init.ts")).init(folder, terminal)));
program
  .command("check")
  .description("say everything that is wrong with a topology, and what it would make and cost")
  .argument(...topology)
  .addOption(format())
  .option(...strict)
  .action(async (path, options) => exit((await import("./commands/check.ts")).check(path, options, terminal)));
program
  .command("build")
  .description("compile a topology and write the tree")
  .argument(...topology)
  .option("--out <folder>", "where the tree goes; it must be new, empty, or an unedited earlier build", "out")
  .option("--check", "write nothing; exit 1 if the folder is not up to date")
  .option("--dry-run", "write nothing; list what would change")
  .addOption(format())
  .option(...strict)
  .action(async (path, options) => exit((await import("./commands/build.ts")).build(path, options, terminal)));
program
  .command("bundle")
  .description("compile a topology and write the tree as one tar, for dom0")
  .argument(...topology)
  .option("--out <file>", "where the bundle goes; it must be new, or an earlier bundle (default: <formula>.tar)")
  .addOption(format())
  .option(...strict)
  .action(async (path, options) => exit((await import("./commands/bundle.ts")).bundle(path, options, terminal)));
program
  .command("verify")
  .description("judge a bundle or a tree that lies anywhere; unpacks and writes nothing")
  .argument("<path>", "a bundle, or the folder of a tree")
  .option("--digest <hex>", "the SHA-256 of the bundle or of SHA256SUMS, as you have it by another way")
  .addOption(format())
  .action(async (path, options) => exit((await import("./commands/verify.ts")).verify(path, options, terminal)));
program
  .command("audit")
  .description(
    "say who reaches whom in a topology, tree or bundle, by the very policy files, and what is wrong with it",
  )
  .argument("[topology|tree|bundle]", topology[1])
  .option("--policy-dir <folder>", "a machine's own /etc/qubes/policy.d, in place of the stock rules")
  .addOption(
    new Option("--format <format>", "how it is shown; html is one page to send and to read without a network")
      .choices(["pretty", "json", "html"])
      .default("pretty"),
  )
  .option(...strict)
  .action(async (path, options) => exit((await import("./commands/audit.ts")).audit(path, options, terminal)));
program
  .command("graph")
  .description("show who reaches whom")
  .argument("[topology|tree|bundle]", topology[1])
  .addOption(new Option("--format <format>", "which form").choices(["text", "mermaid", "dot", "svg"]).default("text"))
  .action(async (path, options) => exit((await import("./commands/graph.ts")).graph(path, options, terminal)));
program
  .command("diff")
  .description("say what differs between two topologies, trees or bundles: first what it means, then the texts")
  .argument("<before>", "a topology, tree or bundle")
  .argument("<after>", "another")
  .option("--security-only", "only what changes who reaches whom, who may do what, or what runs")
  .addOption(format())
  .action(async (before, after, options) =>
    exit((await import("./commands/diff.ts")).diff(before, after, options, terminal)),
  );
program
  .command("schema")
  .description("print the JSON Schema of the topology language")
  .action(async () => exit((await import("./commands/schema.ts")).schema(terminal)));
program
  .command("explain")
  .description("explain a message code, a qube, one of its ports, a file of the tree, or a setting in it")
  .argument("<subject>", "QB203, bitcoin-server, electrum-client:50001, bitcoin.conf or bitcoin.conf:onlynet")
  .argument("[topology|tree|bundle]", topology[1])
  .action(async (subject, path) => exit((await import("./commands/explain.ts")).explain(subject, path, terminal)));
for (const command of program.commands) command.exitOverride();

function exit(code: number): void {
  process.exitCode = code; // not process.exit: what was written to a pipe must get through
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? EXIT.well : EXIT.usage);
  else if (error instanceof DiskError) {
    const asJson = process.argv.includes("json") || process.argv.includes("--format=json");
    tell([error.diagnostic], { format: asJson ? "json" : "pretty" }, terminal);
    exit(EXIT.usage);
  } else {
    const detail =
      error instanceof Error
        ? error.name === "InternalError"
          ? error.message
          : (error.stack ?? error.message)
        : String(error);
    terminal.err(
      `qwbtc-salt ${version} has a bug; nothing was written.\n${detail}\nPlease report this, with the topology.\n`,
    );
    exit(EXIT.bug);
  }
});
