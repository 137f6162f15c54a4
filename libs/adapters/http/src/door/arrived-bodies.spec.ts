import { ArrivedBodies } from './arrived-bodies';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function bodiesThatNote(): { readonly noted: unknown[]; readonly add: (text: string) => void } {
  const bodies = new ArrivedBodies(4);
  const noted: unknown[] = [];
  const add = (text: string): void =>
    bodies.add(Buffer.from(text), (error, value) => noted.push(error ?? value));
  return { noted, add };
}

it('reads what arrived in one turn together, each for itself and in order', async () => {
  const { noted, add } = bodiesThatNote();
  for (const text of ['1', '{', '', '[2]']) add(text);
  expect(noted).toEqual([]);
  await turn();
  expect(noted).toEqual([1, expect.objectContaining({ code: 'INVALID_JSON' }), undefined, [2]]);
});

it('reads what arrives while others are read in the next turn', async () => {
  const bodies = new ArrivedBodies(4);
  const noted: unknown[] = [];
  bodies.add(Buffer.from('1'), (_error, value) => {
    noted.push(value);
    bodies.add(Buffer.from('2'), (_again, next) => noted.push(next));
  });
  await turn();
  expect(noted).toEqual([1]);
  await turn();
  expect(noted).toEqual([1, 2]);
});

it('reads no more than some in a turn, and the others in the next', async () => {
  const { noted, add } = bodiesThatNote();
  for (let i = 1; i <= 9; i += 1) add(String(i));
  await turn();
  expect(noted).toEqual([1, 2, 3, 4]);
  add('10');
  await turn();
  expect(noted).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await turn();
  expect(noted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
