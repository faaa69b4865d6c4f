/** Whether the user has asked for a stop. Long work looks at it between steps and ends in good order. */
export type StopSignal = Pick<AbortSignal, 'aborted'>;

/** A signal that never fires, for work that runs to its end. */
export const NEVER_STOP: StopSignal = { aborted: false };

/** The exit code of a run that was interrupted, as shells expect it after Ctrl-C. */
export const INTERRUPTED_EXIT_CODE = 130;

/**
 * Listens for Ctrl-C and SIGTERM. The first asks for an orderly stop and calls `onRequest`; a second one ends the
 * process at once. Call `release` when the work is done.
 */
export function listenForStop(onRequest: () => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handler = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
    controller.abort();
    onRequest();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
