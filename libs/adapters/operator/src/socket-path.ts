// Where the operator's door is: a socket in DATA_DIR, under a path that the kernel can take.
import { closeSync, constants, openSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOCKET_NAME = 'operator.sock';

/** Bytes of a socket's path: the kernel's field less its final NUL. */
const PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;

/** DATA_DIR has a path too long for a socket in it. */
export class OperatorSocketPathError extends Error {
  readonly code = 'OPERATOR_SOCKET_PATH';
  constructor(dataDir: string) {
    super(
      `DATA_DIR ${dataDir} is too long a path for the operator's socket in it: ` +
        `at most ${PATH_BYTES_MAX - SOCKET_NAME.length - 1} bytes`,
    );
  }
}

export interface SocketPath {
  readonly path: string;
  /** To be called once the path is no longer needed. */
  readonly release: () => void;
}

/**
 * Path of the socket in `dataDir`. On Linux one that is too long is reached through a descriptor of
 * the folder; elsewhere it throws OperatorSocketPathError. Throws ENOENT when the folder is missing
 * and had to be opened.
 */
export function operatorSocketPath(dataDir: string): SocketPath {
  const path = join(resolve(dataDir), SOCKET_NAME);
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return { path, release: () => undefined };
  if (process.platform !== 'linux') throw new OperatorSocketPathError(dataDir);
  const folder = openSync(dataDir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${folder}/${SOCKET_NAME}`, release: () => closeSync(folder) };
}
