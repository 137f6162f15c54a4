// Certificates for tests, by the script that makes those of the compose files.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aDataDir } from '../service-process';

/** A folder of ca/ca.crt and node1/node.crt, node1/node.key; undefined where openssl is missing. */
export function makeCertificates(): string | undefined {
  const folder = aDataDir();
  const script = join(process.cwd(), 'docker/make-certificates.sh');
  const { status } = spawnSync('sh', [script, folder, 'node1=127.0.0.1']);
  return status === 0 ? folder : undefined;
}

export const caFileOf = (folder: string): string => join(folder, 'ca/ca.crt');
