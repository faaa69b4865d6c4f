/** Ends a part of something: its threads, sessions or files. */
export type Close = () => void | Promise<void>;

/**
 * Makes something out of parts. `make` adds the end of each part to `closes` as soon as it is there; if it then fails, they
 * are called, the last one first, and its error is thrown.
 */
export async function allOrNothing<T>(make: (closes: Close[]) => Promise<T>): Promise<T> {
  const closes: Close[] = [];
  try {
    return await make(closes);
  } catch (error) {
    // A failure of closing is not the reason.
    await closeAll(closes.reverse()).catch(() => {});
    throw error;
  }
}

/** Calls all of these, one after another, also after one has failed; then throws the first error, if there was any. */
export async function closeAll(closes: readonly Close[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closes) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
