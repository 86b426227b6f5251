import { type CommandLine, type CommandSpec, parseCommandLine } from './command-line.ts';
import { commandHelp } from './help.ts';
import { type Command, EXIT, type Io } from './io.ts';

/** A command that gets its line parsed, and whose help comes from its specification. */
export function command(
  spec: CommandSpec,
  run: (line: CommandLine, io: Io) => Promise<number>,
): Command {
  return async (args, io) => {
    const line = parseCommandLine(spec, args);
    if (line === null) {
      await io.out(commandHelp(spec));
      return EXIT.ok;
    }
    return await run(line, io);
  };
}
