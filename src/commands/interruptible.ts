import { INTERRUPTED_EXIT_CODE, listenForStop, type StopSignal } from '../stop_signal.js';

/**
 * Does work that ends with an error soon after `signal` asks for a stop. If the user asked, the error's message is
 * printed and the exit code is that of an interrupted program. Resolves to true if the work was done.
 */
export async function interruptible(work: (signal: StopSignal) => Promise<void>): Promise<boolean> {
  const stop = listenForStop(() => {});
  try {
    await work(stop.signal);
    return true;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.log((error as Error).message);
    process.exitCode = INTERRUPTED_EXIT_CODE;
    return false;
  } finally {
    stop.release();
  }
}
