import type { Command } from 'commander';

/**
 * Notes on the flags on the command line that change nothing. `reasons` has the reasons by the name of the flag's
 * value; null if the flag is of use.
 */
export function idleFlags(command: Command, reasons: Record<string, string | null>): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const isGiven = command.getOptionValueSource(name) === 'cli';
    const reason = reasons[name] ?? null;
    return isGiven && reason !== null ? [`note: ${option.long} changes nothing: ${reason}`] : [];
  });
}
