// The direction of dependencies holds, every rule of it can fail, and no source is left unused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, violationsOf, type Cruised } from './cruise';
import { repositoryFiles, ROOT, textOf } from './repository';

/** For every rule, files that break it; the first one is where it is reported. */
const BREACHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'domain-reaches-only-what-it-may': { 'libs/domain/src/a.ts': "import 'node:fs';" },
  'integrity-reaches-only-what-it-may': {
    'libs/integrity/src/a.ts': "import type {} from '@deltabook/domain';",
  },
  'contracts-reaches-only-what-it-may': {
    'libs/contracts/src/a.ts': "import '@nestjs/common';",
  },
  'application-reaches-only-what-it-may': {
    'libs/application/src/a.ts': "import 'node:crypto';",
  },
  'sdk-reaches-only-what-it-may': { 'libs/sdk/src/a.ts': "import '@deltabook/domain';" },
  'nest-only-at-the-edge-of-use-cases': {
    'libs/application/src/b.ts': "import '@nestjs/common';",
  },
  'no-adapter-knows-another': {
    'libs/adapters/http/src/a.ts': "import '@deltabook/adapters/kafka';",
    'libs/adapters/kafka/src/index.ts': '',
  },
  'adapters-stand-on-the-application': {
    'libs/adapters/http/src/b.ts': "import '../../../sdk/src/index';",
    'libs/sdk/src/index.ts': '',
  },
  'libraries-know-no-app': {
    'libs/adapters/http/src/c.ts': "import '../../../../apps/cli/src/c';",
    'apps/cli/src/c.ts': '',
  },
  'apps-know-no-other-app': {
    'apps/service/src/a.ts': "import '../../cli/src/c';",
  },
  'nothing-ships-with-tests': {
    'apps/cli/src/a.ts': "import '../../../test/support/a';",
    'test/support/a.ts': '',
  },
  'eventstoredb-is-known-in-one-place': {
    'libs/adapters/embedded/src/a.ts': "import '@eventstore/db-client';",
    'libs/adapters/eventstoredb/src/a.ts': "import '@eventstore/db-client';",
  },
  'kafka-is-known-in-one-place': { 'apps/service/src/b.ts': "import 'kafkajs';" },
  'sqlite-is-known-in-one-place': { 'apps/cli/src/b.ts': "import '@photostructure/sqlite';" },
  'fastify-is-known-in-one-place': { 'apps/cli/src/d.ts': "import 'fastify';" },
  'the-terminal-is-known-in-one-place': { 'apps/service/src/c.ts': "import 'commander';" },
  'libraries-are-imported-by-alias': {
    'libs/application/src/c.ts': "import '../../domain/src/index';",
    'libs/domain/src/index.ts': '',
  },
  'apps-import-libraries-by-alias': {
    'apps/cli/src/e.ts': "import '../../../libs/domain/src/index';",
  },
  'inside-a-library-paths-are-relative': {
    'libs/application/src/d.ts': "import '@deltabook/application';",
    'libs/application/src/index.ts': '',
  },
  'no-cycles': {
    'libs/domain/src/c.ts': "import './d';",
    'libs/domain/src/d.ts': "import './c';",
  },
  'imports-resolve': { 'libs/domain/src/e.ts': "import './absent';" },
  'sources-need-no-development-package': { 'apps/service/src/d.ts': "import 'fast-check';" },
};

/** Packages the breaches import: empty ones, since some are not installed. */
function install(folder: string): void {
  const packages = ['@eventstore/db-client', '@nestjs/common', '@photostructure/sqlite'];
  packages.push('kafkajs', 'fastify', 'commander', 'fast-check');
  for (const name of packages) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(place, 'index.js'), '');
  }
}

let house: Cruised;
beforeAll(() => {
  house = cruise(ROOT);
});

it('holds in the repository', () => {
  expect(violationsOf(house)).toEqual([]);
});

it('reports a breach of every rule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deltabook-rules-'));
  try {
    for (const [path, text] of Object.values(BREACHES).flatMap((files) => Object.entries(files))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\nexport {};\n`);
    }
    for (const name of ['package.json', 'tsconfig.json']) {
      writeFileSync(join(folder, name), textOf(name));
    }
    install(folder);
    const reported = cruise(folder).summary.violations;
    for (const [rule, files] of Object.entries(BREACHES)) {
      const [from] = Object.keys(files);
      const found = reported.some(
        (violation) => violation.rule.name === rule && violation.from === from,
      );
      expect([rule, found]).toEqual([rule, true]);
    }
    const inItsPlace = ({ from, rule }: (typeof reported)[number]): boolean =>
      from === 'libs/adapters/eventstoredb/src/a.ts' && rule.name.startsWith('eventstoredb');
    expect(reported.filter(inItsPlace)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('has a breach for every rule', () => {
  const names = textOf('.ci/dependency-rules.mjs').matchAll(
    /\bname: '([a-z-]+)'|\bonly\(\s*'([a-z]+)'|\bknownOnlyBy\(\s*'([a-z-]+)'/g,
  );
  const rules = [...names].map(([, name, library, technology]) => {
    if (library !== undefined) return `${library}-reaches-only-what-it-may`;
    return name ?? `${technology}-is-known-in-one-place`;
  });
  expect(rules.length).toBeGreaterThan(10);
  expect(Object.keys(BREACHES).sort()).toEqual(rules.sort());
});

it('every source is imported, or started by its name', () => {
  const startedByRunner = /(\/main|\.spec|\.d)\.ts$/;
  const sources = house.modules.filter(({ source }) => /^(apps|libs|test)\/.*\.ts$/.test(source));
  const unimported = sources
    .filter(({ dependents, source }) => dependents.length === 0 && !startedByRunner.test(source))
    .map(({ source }) => source);
  const texts = repositoryFiles().filter((path) => /\.(ts|mjs|json)$/.test(path));
  const unused = unimported.filter((source) => {
    const name = source.replace(/^.*\//, '').replace(/\.ts$/, '');
    return !texts.some((path) => path !== source && textOf(path).includes(name));
  });
  expect(sources.length).toBeGreaterThan(100);
  expect(unused).toEqual([]);
});
