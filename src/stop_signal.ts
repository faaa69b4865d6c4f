import { isHangUpIgnored } from './hang_up.js';

/** A signal that the user has asked for a stop. Long work looks at it between steps and ends in good order. */
export type StopSignal = Pick<AbortSignal, 'aborted'>;

/** A signal that never fires, for work that runs to its end. */
export const NEVER_STOP: StopSignal = { aborted: false };

/** The exit code of a run that was interrupted, as shells expect it after Ctrl-C. */
export const INTERRUPTED_EXIT_CODE = 130;

/**
 * Listens for Ctrl-C, SIGTERM and the hang-up of a closed terminal. The first asks for an orderly stop and calls
 * `onRequest`; after that, Ctrl-C or SIGTERM ends the process at once. Call `release` when the work is done.
 */
export function listenForStop(onRequest: () => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const request = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    onRequest();
  };
  const requestOrEnd = (name: NodeJS.Signals) => () => {
    if (controller.signal.aborted) endBy(name);
    else request();
  };
  // A closed terminal may hang up twice, once by the system and once by its shell: that is no second request.
  const handlers: [NodeJS.Signals, () => void][] = [
    ['SIGINT', requestOrEnd('SIGINT')],
    ['SIGTERM', requestOrEnd('SIGTERM')],
  ];
  if (!isHangUpIgnored()) handlers.push(['SIGHUP', request]);
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    signal: controller.signal,
    release() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

/**
 * Ends the process as a signal does that nobody listens to; shells report 130 for Ctrl-C. `process.exit` would take Node
 * down under native code that is at work in its threads, which then aborts.
 */
function endBy(name: NodeJS.Signals): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
