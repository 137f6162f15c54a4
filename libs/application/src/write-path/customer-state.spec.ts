import { ABSENT, type Customer } from '@deltabook/domain';
import { CustomerState } from './customer-state';

/** Remembers from which states it was asked to read on. */
function aState(): {
  readonly state: CustomerState;
  readonly loads: readonly (Customer | undefined)[];
  readonly clock: { nowMs: number };
} {
  const loads: (Customer | undefined)[] = [];
  const clock = { nowMs: 0 };
  const loader = {
    load: (_reference: string, known?: Customer) => {
      loads.push(known);
      return Promise.resolve({ ...ABSENT });
    },
  };
  const parts = { loader, elapsedMs: () => clock.nowMs, sharedCustomerMs: 100 };
  return { state: new CustomerState('0xab', parts), loads, clock };
}

it('is read once while nobody else appends', async () => {
  const { state, loads } = aState();
  const first = await state.current();
  const advanced = { ...first };
  state.advance(advanced);
  expect(await state.current()).toBe(advanced);
  expect(loads).toEqual([undefined]);
});

it('is read on from what is known before every decision while others append', async () => {
  const { state, loads, clock } = aState();
  const known = await state.current();
  state.fellBehind();
  const read = await state.current();
  state.advance(read);
  await state.current();
  expect(loads[1]).toBe(known);
  expect(loads[2]).toBe(read);
  clock.nowMs = 99;
  await state.current();
  expect(loads).toHaveLength(4);
  clock.nowMs = 100;
  await state.current();
  expect(loads).toHaveLength(4);
});

it('is read after a conflict however late, and from the start once it is not known', async () => {
  const { state, loads, clock } = aState();
  await state.current();
  state.fellBehind();
  clock.nowMs = 1_000;
  await state.current();
  state.forget();
  await state.current();
  expect(loads).toHaveLength(3);
  expect(loads[2]).toBeUndefined();
});
