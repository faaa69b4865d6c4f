/** A package that a user has to install, or in another version; the message says how. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}
