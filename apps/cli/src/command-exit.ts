// How a command ends with an exit code of its own, after it has said everything itself.

export class CommandExit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
  }
}
