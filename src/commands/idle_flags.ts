import type { Command } from 'commander';

/**
 * The flags on the command line that change nothing, a note for each. `reasons` has why, by the name of the flag's value;
 * null where the flag is of use.
 */
export function idleFlags(command: Command, reasons: Record<string, string | null>): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const isGiven = command.getOptionValueSource(name) === 'cli';
    const reason = reasons[name] ?? null;
    return isGiven && reason !== null ? [`note: ${option.long} changes nothing: ${reason}`] : [];
  });
}
