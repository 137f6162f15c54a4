// A command line that cannot be done as it stands: it ends with exit code 2.

export class UsageError extends Error {
  readonly code = 'WRONG_USAGE';
}
