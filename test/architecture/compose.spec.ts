// What the files in docker/ set is what the service knows, and has the form that it asks for.
import { parse } from 'yaml';
import { NODE_FLAGS } from '../../apps/bench/src/targets/server-process';
import { SETTINGS, type SettingName } from '../../apps/service/src/settings';
import { textOf } from './repository';

interface ComposeService {
  readonly build?: { readonly dockerfile: string };
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
}

const COMPOSE_FILES = ['docker/compose.yml', 'docker/compose.cluster.yml'];
/** Node's own; not a setting of the service. */
const OF_THE_PLATFORM = new Set(['NODE_ENV']);
/** Options of EventStoreDB 23.10 as variables; it does not start with one that it does not know. */
const OF_THE_STORE = new Set(
  [
    'CLUSTER_SIZE',
    'DISCOVER_VIA_DNS',
    'GOSSIP_SEED',
    'RUN_PROJECTIONS',
    'TELEMETRY_OPTOUT',
    'NODE_HOST_ADVERTISE_AS',
    'REPLICATION_HOST_ADVERTISE_AS',
    'CERTIFICATE_FILE',
    'CERTIFICATE_PRIVATE_KEY_FILE',
    'TRUSTED_ROOT_CERTIFICATES_PATH',
    'DEFAULT_ADMIN_PASSWORD',
  ].map((option) => `EVENTSTORE_${option}`),
);

function servicesOf(file: string): readonly [string, ComposeService][] {
  const { services } = parse(textOf(file), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
  return Object.entries(services);
}

const isOurs = ({ build }: ComposeService): boolean => build?.dockerfile === 'docker/Dockerfile';
const isStore = ({ image = '' }: ComposeService): boolean => image.startsWith('eventstore/');

/** What is wrong with a variable given to the service, if anything is. */
function wrongIn(name: string, value: string): string | undefined {
  if (OF_THE_PLATFORM.has(name)) return undefined;
  if (!(name in SETTINGS)) return `${name} is not a setting`;
  const isGivenAtStart = value.includes('${');
  if (isGivenAtStart || SETTINGS[name as SettingName].parse(value) !== undefined) return undefined;
  return `${name} does not have its form`;
}

it.each(COMPOSE_FILES)('%s gives the service only settings that it knows', (file) => {
  const ours = servicesOf(file).filter(([, service]) => isOurs(service));
  expect(ours.length).toBeGreaterThan(0);
  const wrong = ours.flatMap(([, { environment = {} }]) =>
    Object.entries(environment).map(([name, value]) => wrongIn(name, String(value))),
  );
  expect(wrong.filter((what) => what !== undefined)).toEqual([]);
});

it('so does the image', () => {
  const [, line = ''] = /^ENV (.+)$/m.exec(textOf('docker/Dockerfile')) ?? [];
  const variables = line.split(' ').map((pair) => pair.split('=', 2));
  expect(variables.length).toBeGreaterThan(1);
  const wrong = variables.map(([name = '', value = '']) => wrongIn(name, value));
  expect(wrong.filter((what) => what !== undefined)).toEqual([]);
});

it('the image and the bench start the service with the flags of npm start', () => {
  const [, image = ''] = /^CMD (.+)$/m.exec(textOf('docker/Dockerfile')) ?? [];
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { start: string } };
  const started = scripts.start.split(' && ').at(-1)?.split(' ');
  expect(JSON.parse(image)).toEqual(started);
  expect(started).toEqual([
    'node',
    ...NODE_FLAGS,
    expect.stringMatching(/service\/src\/main\.js$/),
  ]);
});

it('the cluster gives the store only options that it knows', () => {
  const stores = servicesOf('docker/compose.cluster.yml').filter(([, one]) => isStore(one));
  expect(stores).toHaveLength(3);
  const names = stores.flatMap(([, { environment = {} }]) => Object.keys(environment));
  expect(names.filter((name) => !OF_THE_STORE.has(name))).toEqual([]);
});

it('service nodes of the cluster find every node of the store', () => {
  const services = servicesOf('docker/compose.cluster.yml');
  const stores = services.filter(([, one]) => isStore(one)).map(([name]) => `${name}:2113`);
  const ours = services.filter(([, service]) => isOurs(service));
  expect(ours).toHaveLength(2);
  for (const [, { environment = {} }] of ours) {
    expect(environment['EVENT_STORE']).toBe(`esdb+discover://${stores.join(',')}`);
  }
});
