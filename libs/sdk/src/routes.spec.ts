// The contracts at run time beside the SDK's routes: every operation of the balance API is called
// by one.
import 'reflect-metadata';
import * as contracts from '@deltabook/contracts';
import * as routes from './routes';

interface Named {
  readonly method: string;
  readonly path: string;
}

const isOperation = (value: unknown): value is contracts.OperationContract =>
  typeof value === 'object' && value !== null && 'path' in value && 'reply' in value;

const text = ({ method, path }: Named): string => `${method} ${path}`;

/** The same operations under names that other clients know. */
const OTHER_NAMES: ReadonlySet<string> = new Set(['/api/v1/balance/invoice-proof/:customerId']);

it('calls every operation under /api/v1 that the service describes', () => {
  const known = new Set(Object.values(routes).map(text));
  const described = Object.values(contracts as Record<string, unknown>)
    .filter(isOperation)
    .filter(({ path }) => path.startsWith('/api/v1/') && !OTHER_NAMES.has(path))
    .map(text);
  expect(described.length).toBeGreaterThan(4);
  expect(described.filter((operation) => !known.has(operation))).toEqual([]);
});
