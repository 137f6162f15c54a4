// Where the publisher goes on after a restart: a small file, replaced whole, that names the store
// and the topic it speaks of. Losing it means publishing again from the start, under the same ids.
import { LOG_START, type Position } from '@deltabook/application';
import { open, readFile, rename } from 'node:fs/promises';

/** What a position is a position of. */
export interface PublishedScope {
  readonly storeId: string;
  readonly cluster: string;
  readonly topic: string;
}

export class PositionFile {
  constructor(
    private readonly path: string,
    private readonly scope: PublishedScope,
  ) {}

  /** The saved position; the log's start when there is none or it is of another store or topic. */
  async load(): Promise<Position> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    const saved = JSON.parse(text) as Partial<PublishedScope> & { readonly position?: string };
    const { storeId, cluster, topic } = this.scope;
    const same = saved.storeId === storeId && saved.cluster === cluster && saved.topic === topic;
    return same && saved.position !== undefined ? BigInt(saved.position) : LOG_START;
  }

  /** Resolves once it is on disk. */
  async save(position: Position): Promise<void> {
    const next = `${this.path}.next`;
    const file = await open(next, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ ...this.scope, position: position.toString() }));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(next, this.path);
  }
}
