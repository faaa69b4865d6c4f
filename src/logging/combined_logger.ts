import { closeAll } from '../closing.js';
import type { LogDestination, Logger } from './logger.js';

/** Logs to every destination in turn. */
export function combineDestinations(destinations: readonly LogDestination[]): Logger {
  const forEach = (action: (destination: LogDestination) => void) => destinations.forEach(action);
  return {
    log: (envSteps, metrics) => forEach((each) => each.log(envSteps, metrics)),
    histogram: (envSteps, name, values) => forEach((each) => each.histogram?.(envSteps, name, values)),
    video: (envSteps, name, video) => forEach((each) => each.video?.(envSteps, name, video)),
    console: (text) => forEach((each) => each.console?.(text)),
    flush: () => forEach((each) => each.flush?.()),
    close: (exitCode) => closeAll(destinations.map((each) => () => each.close(exitCode))),
  };
}

/**
 * A destination that the run can do without. If it can't be opened or fails later, `warn` is called once with the
 * reason, and nothing more goes there.
 */
export function dispensable(
  name: string,
  open: () => LogDestination,
  warn: (text: string) => void,
): LogDestination {
  let destination: LogDestination | null = null;
  const giveUp = (error: unknown) => {
    destination = null;
    const reason = error instanceof Error ? error.message : String(error);
    warn(`${name} gets no more logs of this run, which goes on: ${reason}`);
  };
  const attempt = (action: (destination: LogDestination) => void) => {
    if (destination === null) return;
    try {
      action(destination);
    } catch (error) {
      giveUp(error);
    }
  };
  try {
    destination = open();
  } catch (error) {
    giveUp(error);
  }
  return {
    log: (envSteps, metrics) => attempt((open) => open.log(envSteps, metrics)),
    histogram: (envSteps, metric, values) => attempt((open) => open.histogram?.(envSteps, metric, values)),
    video: (envSteps, metric, video) => attempt((open) => open.video?.(envSteps, metric, video)),
    console: (text) => attempt((open) => open.console?.(text)),
    flush: () => attempt((open) => open.flush?.()),
    async close(exitCode) {
      const closing = destination;
      destination = null;
      await closing?.close(exitCode).catch(giveUp);
    },
  };
}
