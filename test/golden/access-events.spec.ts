// Every stored version of the events of tenants, keys and the installation, as it was first
// written; see events.spec.ts.
import {
  installationEventText,
  parseInstallationEvent,
  parseTenantEvent,
  secretHashText,
  tenantEventText,
  UnreadableEventError,
} from '@deltabook/domain';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface StoredEvent {
  readonly type: string;
  readonly data: string;
}

const file = join(process.cwd(), 'test/golden/events/access-v1.json');
const stored = JSON.parse(readFileSync(file, 'utf8')) as readonly StoredEvent[];
const INSTALLATION_EVENTS: readonly string[] = ['LogCreated', 'SigningKeyActivated'];
const isOfInstallation = ({ type }: StoredEvent): boolean => INSTALLATION_EVENTS.includes(type);
const ofTenants = stored.filter((event) => !isOfInstallation(event));
const ofInstallation = stored.filter(isOfInstallation);

it('holds every type', () => {
  expect([...new Set(stored.map(({ type }) => type))]).toEqual([
    'TenantCreated',
    'ApiKeyIssued',
    'ApiKeyRevoked',
    'CheckpointsRequested',
    'CheckpointsCompleted',
    'LogCreated',
    'SigningKeyActivated',
  ]);
});

it.each(ofTenants)('$type v1 reads and is written the same', ({ type, data }) => {
  expect(tenantEventText(parseTenantEvent(type, data))).toBe(data);
});

it.each(ofInstallation)('$type v1 reads and is written the same', ({ type, data }) => {
  expect(installationEventText(parseInstallationEvent(type, data))).toBe(data);
});

it('the stored hash of a secret is the one of its text', () => {
  const text = secretHashText('pk_test_journeys', '0123456789abcdef0123456789abcdef');
  const issued = ofTenants.map(({ type, data }) => parseTenantEvent(type, data))[1];
  expect(issued).toMatchObject({
    secretHash: createHash('sha256').update(text).digest('hex'),
  });
});

it.each([
  ['ApiKeyIssued', '{"v":2}'],
  ['TenantCreated', '{}'],
  ['LogCreated', '{"v":2}'],
  ['SomethingNewer', '{"v":1}'],
])('%s %s stops whoever reads it', (type, data) => {
  expect(() => parseTenantEvent(type, data)).toThrow(UnreadableEventError);
  expect(() => parseInstallationEvent(type, data)).toThrow(UnreadableEventError);
});
