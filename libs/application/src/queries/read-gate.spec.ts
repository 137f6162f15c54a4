import type { Position } from '../ports/event-store.port';
import { ReadGate } from './read-gate';

/** Rows that are at `position`, and at `later` once someone waited for it. */
function rowsAt(position: Position, later: Position, state = { ready: true, head: later }) {
  let visible = position;
  const waits: [Position, number][] = [];
  return {
    waits,
    progress: () => ({ ...state, position: visible, rebuilding: false }),
    projectedPosition: () => visible,
    waitFor: (wanted: Position, waitMs: number) => {
      waits.push([wanted, waitMs]);
      visible = later;
      return Promise.resolve(later >= wanted);
    },
  };
}

describe('the read gate', () => {
  it('lets a read through at once where nothing is asked of it', async () => {
    const rows = rowsAt(5n, 9n);
    expect(await new ReadGate(rows, 2_000).pass(undefined)).toEqual({
      kind: 'passed',
      position: 5n,
    });
    expect(await new ReadGate(rows, 2_000).pass(5n)).toEqual({ kind: 'passed', position: 5n });
    expect(rows.waits).toEqual([]);
  });

  it('waits for minPosition, at most as long as it was set', async () => {
    const rows = rowsAt(5n, 9n);
    expect(await new ReadGate(rows, 2_000).pass(8n)).toEqual({ kind: 'passed', position: 9n });
    expect(rows.waits).toEqual([[8n, 2_000]]);
  });

  it('refuses a position that was not reached, with the one that is', async () => {
    expect(await new ReadGate(rowsAt(5n, 7n), 2_000).pass(8n)).toEqual({
      kind: 'refused',
      code: 'POSITION_NOT_REACHED',
      position: 7n,
    });
  });

  it('serves no rows that are still being built, but waits for them', async () => {
    const building = rowsAt(5n, 7n, { ready: false, head: 100n });
    expect(await new ReadGate(building, 2_000).pass(undefined)).toEqual({
      kind: 'refused',
      code: 'PROJECTION_BUILDING',
      position: 7n,
    });
    expect(building.waits).toEqual([[100n, 2_000]]);
    const built = rowsAt(5n, 7n, { ready: false, head: 7n });
    expect(await new ReadGate(built, 2_000).pass(undefined)).toMatchObject({ kind: 'passed' });
  });
});
