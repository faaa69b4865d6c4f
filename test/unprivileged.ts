/** The user `nobody`. */
const NOBODY = 65534;

/** Does `work` as a user whom the permissions of files and folders bind, which they don't if tests run as root. */
export async function asUnprivileged<T>(work: () => T | Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
