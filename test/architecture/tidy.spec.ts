// The repository checks its own tidiness: names, leftovers, sizes, links, and that documents name
// what there is. A rule that has to be bent is changed here, for everyone.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  byteCountOf,
  linesMatching,
  repositoryFiles,
  ROOT,
  textOf,
  topLevelNames,
} from './repository';

const TOP_LEVEL = new Set(
  'package.json package-lock.json nest-cli.json apps libs docker test docs README.md LICENSE'.split(
    ' ',
  ),
);
const TOP_LEVEL_CONFIGURATION = /^(\..+|tsconfig.*\.json|(jest|eslint)\.config\.[a-z]+)$/;
const SUFFIXES = new Set(
  (
    'ts tsx mjs json jsonl md yml html css svg png sql java lua txt csv sh http gitkeep ' +
    'tlog-proof'
  ).split(' '),
);
const WITHOUT_SUFFIX = /^(\.[a-z]+|\.ci\/run|LICENSE|(.*\/)?(Dockerfile|\.dockerignore))$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const VAGUE_FILE =
  /(^|-)(utils?|common|helpers?|manager|misc|base|data|info|shared)(\.[a-z-]+)*\.ts$/;
const DECLARED = /^(export )?(abstract )?(class|interface|type|function|const) (\w+)/;
const VAGUE_NAME =
  /(Utils?|Helpers?|Manager|Info|Wallet|Invoice)$|^(I[A-Z][a-z]|(Base|Abstract)[A-Z])/;
const BYTES_MAX = 256 * 1024;

const files = repositoryFiles();
const sources = files.filter((path) => path.endsWith('.ts'));
const code = files.filter((path) => /\.(ts|mjs|java|html|css)$/.test(path));
const documents = files.filter((path) => path.endsWith('.md'));
const notHere = (path: string): boolean => !path.startsWith('test/architecture/');
const architecture = textOf('docs/architecture.md');

describe('names', () => {
  it('at the top level are the agreed ones', () => {
    expect(topLevelNames().filter(isStray)).toEqual([]);
  });

  it('of files have a known suffix', () => {
    expect(files.filter((path) => !hasKnownSuffix(path))).toEqual([]);
  });

  it('of sources are in kebab case, with the role as suffix', () => {
    expect(sources.filter((path) => !path.split('/').every((part) => KEBAB.test(part)))).toEqual(
      [],
    );
  });

  it('say what a thing is', () => {
    expect(sources.filter((path) => VAGUE_FILE.test(path.replace(/^.*\//, '')))).toEqual([]);
    expect(sources.flatMap(declaredIn).filter((name) => VAGUE_NAME.test(name))).toEqual([]);
  });

  it('index.ts only stands at the root of a library', () => {
    const root = /^libs\/(adapters\/)?[^/]+\/src\/index\.ts$/;
    const strays = sources.filter((path) => path.endsWith('/index.ts') && !root.test(path));
    expect(strays).toEqual([]);
  });
});

describe('leftovers', () => {
  it('there is nothing to fix later', () => {
    expect(linesMatching(code.filter(notHere), /\b(FIXME|TODO|XXX|HACK)\b/)).toEqual([]);
  });

  it('no test is switched off, and none runs alone', () => {
    const switched =
      /\b(it|test|describe)\.(only|skip|todo)(\.|\()|\b(xit|fit|xdescribe|fdescribe)\(/;
    expect(linesMatching(sources.filter(notHere), switched)).toEqual([]);
  });

  it('nobody opts out of a rule', () => {
    const optOut = /eslint-(disable|enable)|@ts-(ignore|nocheck|expect-error)|prettier-ignore/;
    expect(linesMatching(code.filter(notHere), optOut)).toEqual([]);
  });

  it('no path of somebody’s machine', () => {
    const machine = /(^|[\s"'`(=:])\/(work|tmp|home|root|Users)\/|localhost:4873/;
    const own = files.filter((path) => notHere(path) && path !== 'package-lock.json');
    expect(linesMatching(own, machine)).toEqual([]);
    expect(
      linesMatching(['package-lock.json'], /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/),
    ).toEqual([]);
  });
});

describe('files', () => {
  it('are small', () => {
    const large = files.filter((path) => byteCountOf(path) > BYTES_MAX);
    expect(large.filter((path) => path !== 'package-lock.json')).toEqual([]);
  });

  it('of sources start with what they are and why', () => {
    const titled = sources.filter((path) => !/(\.spec|\/index)\.ts$/.test(path));
    expect(titled.filter((path) => !/^(#!.*\n)?\/[/*]/.test(textOf(path)))).toEqual([]);
  });
});

describe('documents', () => {
  it('link to what exists', () => {
    const broken = documents.flatMap((path) =>
      linksOf(textOf(path))
        .filter((link) => !resolves(path, link))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('name every library and app', () => {
    const folders = files.flatMap((path) => /^((?:libs|apps)\/[^/]+)\//.exec(path)?.[1] ?? []);
    const unnamed = [...new Set(folders)].filter((folder) => !architecture.includes(`\`${folder}`));
    expect(unnamed).toEqual([]);
  });

  it('say of every dependency why it is there', () => {
    const named = [
      architecture,
      ...documents.filter((path) => path.startsWith('docs/adr/')).map(textOf),
    ]
      .join('\n')
      .replace(
        /@nestjs\/core, common, platform-fastify, cqrs, /g,
        '@nestjs/core, @nestjs/common, @nestjs/platform-fastify, @nestjs/cqrs, ',
      );
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      string,
      object
    >;
    const packages = Object.keys({ ...dependencies, ...devDependencies });
    const unnamed = packages.filter((name) => !name.startsWith('@types/') && !named.includes(name));
    expect(unnamed).toEqual([]);
  });

  it('name paths that exist, and recipes of at most six files', () => {
    const contributing = textOf('docs/CONTRIBUTING.md');
    const paths = [...contributing.matchAll(/`((?:\.ci|apps|docs|libs|test)\/[^`<]+)`/g)];
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter(([, path = '']) => !existsSync(join(ROOT, path)))).toEqual([]);
    const recipes = contributing.split(/^## Add /m).slice(1);
    expect(recipes).toHaveLength(5);
    for (const recipe of recipes) expect(recipe.match(/^\d\. /gm)?.length).toBeLessThanOrEqual(6);
  });

  it('decisions are numbered once each', () => {
    const numbers = documents.flatMap((path) => /^docs\/adr\/(\d{4})-/.exec(path)?.[1] ?? []);
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});

function isStray(name: string): boolean {
  return !TOP_LEVEL.has(name) && !TOP_LEVEL_CONFIGURATION.test(name);
}

function hasKnownSuffix(path: string): boolean {
  return SUFFIXES.has(path.replace(/^.*\./, '')) || WITHOUT_SUFFIX.test(path);
}

function declaredIn(path: string): readonly string[] {
  const lines = textOf(path).split('\n');
  return lines.flatMap((line) => DECLARED.exec(line)?.[4] ?? []);
}

/** Targets of a document's links that are no URLs. */
function linksOf(text: string): readonly string[] {
  const outsideCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...outsideCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

function resolves(document: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? document : normalize(join(dirname(document), target));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsOf(textOf(path)).includes(anchor);
}

/** Anchors of a document's headings, as renderers make them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}
