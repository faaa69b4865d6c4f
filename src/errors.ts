/**
 * A problem that the user can put right: a missing file, a mistyped value, a dataset of another task. The command line
 * prints its message without a stack and exits with an error code.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
