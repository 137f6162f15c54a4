// The direction of dependencies (docs/architecture.md, ADR 3), for dependency-cruiser; run by
// test/architecture/dependencies.spec.ts over apps, libs and test.
const SPEC = '\\.spec\\.ts$';
/** Messages, their handlers, modules, and what handlers get injected. */
const NEST_FILES = '(\\.(command|handler|query|module)|/record-finder)\\.ts$';
const npm = (...names) => `node_modules/(${names.join('|')})/`;

/** A library's sources may reach only the paths of `may`; its specs may use test tools as well. */
const only = (library, may, comment) => ({
  name: `${library}-reaches-only-what-it-may`,
  comment,
  severity: 'error',
  from: { path: `^libs/${library}/`, pathNot: SPEC },
  to: { pathNot: [`^libs/${library}/`, ...may] },
});

/** A technology is known in one place; tests may drive it directly where `tests` says so. */
const knownOnlyBy = (technology, packages, places) => ({
  name: `${technology}-is-known-in-one-place`,
  comment: `${technology} belongs behind its adapter`,
  severity: 'error',
  from: { pathNot: places.map((place) => `^${place}`) },
  to: { path: npm(...packages) },
});

const layers = [
  only('domain', ['^libs/integrity/'], 'rules of the ledger know no technology'),
  only('integrity', [], 'proofs also run in a browser: functions of the platform are arguments'),
  only('contracts', [npm('class-validator')], 'the wire, and nothing else'),
  only(
    'application',
    ['^libs/(domain|integrity|contracts)/', npm('@nestjs/common', '@nestjs/cqrs')],
    'use cases reach technologies through ports',
  ),
  only(
    'sdk',
    ['^libs/(contracts|integrity)/', npm('@noble/curves', '@noble/hashes')],
    "runs in customers' processes and browsers",
  ),
  {
    name: 'nest-only-at-the-edge-of-use-cases',
    comment: 'commands, handlers, queries and modules; everything else is plain',
    severity: 'error',
    from: { path: '^libs/application/', pathNot: [NEST_FILES, SPEC] },
    to: { path: npm('@nestjs/[^/]+') },
  },
  {
    name: 'no-adapter-knows-another',
    comment: 'put what two adapters need into a port, or into the composition',
    severity: 'error',
    from: { path: '^libs/adapters/([^/]+)/', pathNot: SPEC },
    to: { path: '^libs/adapters/', pathNot: '^libs/adapters/$1/' },
  },
  {
    name: 'adapters-stand-on-the-application',
    comment: 'adapters are what customers of the service reach, not the other way round',
    severity: 'error',
    from: { path: '^libs/adapters/' },
    to: { path: '^libs/sdk/' },
  },
  {
    name: 'libraries-know-no-app',
    comment: 'apps compose libraries',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'apps-know-no-other-app',
    comment: 'what two apps need is a library; the bench composes the service it is held against',
    severity: 'error',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/bench/src/targets/unsealed-service' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'nothing-ships-with-tests',
    comment: 'sources import neither specs nor test/',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: SPEC },
    to: { path: ['^test/', SPEC] },
  },
];

const SQLITE = ['libs/adapters/(embedded|sqlite)/', 'apps/bench/', 'test/'];

const technologies = [
  knownOnlyBy(
    'eventstoredb',
    ['@eventstore/db-client', '@kurrent/kurrentdb-client'],
    ['libs/adapters/eventstoredb/', 'test/support/eventstoredb', 'node_modules/'],
  ),
  knownOnlyBy('kafka', ['kafkajs'], ['libs/adapters/kafka/', 'node_modules/']),
  knownOnlyBy('sqlite', ['@photostructure/sqlite'], [...SQLITE, 'node_modules/']),
  knownOnlyBy(
    'fastify',
    ['fastify', '@fastify/[^/]+', '@nestjs/platform-fastify', 'ajv'],
    ['libs/adapters/http/', 'apps/service/', 'apps/bench/', 'node_modules/'],
  ),
  knownOnlyBy('the-terminal', ['commander', 'cli-progress'], ['apps/cli/', 'node_modules/']),
];

const imports = [
  {
    name: 'libraries-are-imported-by-alias',
    comment: "use '@deltabook/…': a library's index.ts is all there is of it",
    severity: 'error',
    from: { path: '^libs/((?:adapters/)?[^/]+)/' },
    to: {
      path: '^libs/',
      pathNot: '^libs/$1/',
      dependencyTypesNot: ['aliased', 'aliased-tsconfig', 'aliased-tsconfig-paths'],
    },
  },
  {
    name: 'apps-import-libraries-by-alias',
    comment: "use '@deltabook/…'",
    severity: 'error',
    from: { path: '^apps/' },
    to: {
      path: '^libs/',
      dependencyTypesNot: ['aliased', 'aliased-tsconfig', 'aliased-tsconfig-paths'],
    },
  },
  {
    name: 'inside-a-library-paths-are-relative',
    comment: 'a library that imports itself by alias goes through its own index',
    severity: 'error',
    from: { path: '^libs/((?:adapters/)?[^/]+)/' },
    to: { path: '^libs/$1/', dependencyTypes: ['aliased'] },
  },
  {
    name: 'no-cycles',
    comment: 'find the thing both need and give it a file',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'imports-resolve',
    comment: 'a package that is imported is in package.json',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'sources-need-no-development-package',
    comment: 'it would be missing after npm ci --omit=dev',
    severity: 'error',
    from: { path: '^(apps/(service|cli)|libs)/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], pathNot: 'node_modules/@types/' },
  },
];

export default {
  forbidden: [...layers, ...technologies, ...imports],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The SDK has a manifest of its own, for its package, which brings all it needs.
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node'] },
  },
};
