/** Whether the user has asked the run to stop. Long work looks at it between steps and ends in good order. */
export interface StopSignal {
  readonly requested: boolean;
}

/** A signal that never fires, for work that runs to its end. */
export const NEVER_STOP: StopSignal = { requested: false };

/** The exit code of a run that was interrupted, as shells expect it after Ctrl-C. */
export const INTERRUPTED_EXIT_CODE = 130;

/**
 * Listens for Ctrl-C and SIGTERM. The first asks for an orderly stop and calls `onRequest`; a second one ends the
 * process at once. Call `release` when the work is done.
 */
export function listenForStop(onRequest: () => void): StopSignal & { release(): void } {
  let requested = false;
  const handler = () => {
    if (requested) process.exit(INTERRUPTED_EXIT_CODE);
    requested = true;
    onRequest();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    get requested() {
      return requested;
    },
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
