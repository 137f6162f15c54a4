import { Paged } from './paged';

interface Page {
  readonly rows: readonly number[];
  readonly last: boolean;
}

function pagesOf(pages: readonly Page[]): { paged: Paged<Page, number>; loaded: number[] } {
  const loaded: number[] = [];
  const paged = Paged.of<number, Page, number>(0, {
    load: (page) => {
      loaded.push(page);
      const reply = pages[page];
      return reply === undefined
        ? Promise.reject(new Error('no such page'))
        : Promise.resolve(reply);
    },
    rows: (reply) => reply.rows,
    next: (reply, page) => (reply.last ? undefined : page + 1),
  });
  return { paged, loaded };
}

const THREE = [
  { rows: [1, 2], last: false },
  { rows: [], last: false },
  { rows: [3], last: true },
];

async function collect<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe('Paged', () => {
  it('loads nothing before it is used, and one page when awaited', async () => {
    const { paged, loaded } = pagesOf(THREE);
    expect(loaded).toEqual([]);
    expect(await paged).toBe(THREE[0]);
    expect(await paged).toBe(THREE[0]);
    expect(loaded).toEqual([0]);
  });

  it('iterates over the rows of all pages, an empty one in the middle included', async () => {
    const { paged, loaded } = pagesOf(THREE);
    expect(await collect(paged)).toEqual([1, 2, 3]);
    expect(loaded).toEqual([0, 1, 2]);
  });

  it('loads no page that nobody looks at', async () => {
    const { paged, loaded } = pagesOf(THREE);
    for await (const row of paged) if (row === 2) break;
    expect(loaded).toEqual([0]);
  });

  it('gives whole pages', async () => {
    expect(await collect(pagesOf(THREE).paged.pages())).toEqual(THREE);
  });

  it('fails as its page does', async () => {
    const { paged } = pagesOf([{ rows: [1], last: false }]);
    await expect(collect(paged)).rejects.toThrow('no such page');
    await expect(pagesOf([]).paged.catch((error) => (error as Error).message)).resolves.toBe(
      'no such page',
    );
  });

  it('is a promise in all its methods', async () => {
    const ended: string[] = [];
    await pagesOf(THREE).paged.finally(() => ended.push('end'));
    expect(ended).toEqual(['end']);
    await expect(Promise.all([pagesOf(THREE).paged])).resolves.toEqual([THREE[0]]);
  });
});
