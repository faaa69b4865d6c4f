/** A mistake in what the user gave: the command line shows the message alone and exits with code 1. */
export class UserError extends Error {
  override name = 'UserError';
}
