// The house rules that a linter can hold. Nobody can opt out: inline configuration is off, and a
// rule that has to be bent is changed here, for everyone.
import tseslint from 'typescript-eslint';

const SOURCES = ['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts', 'test/**/*.ts'];
/** Runs in browsers and has a compiler configuration of its own. */
const PAGES = ['apps/dashboard/src/**/*.{ts,tsx}'];
const TESTS = ['**/*.spec.ts', 'test/**/*.ts'];

const LINES_PER_FUNCTION_MAX = 70;
const LINES_PER_FILE_MAX = 250;

const call = (object, property, message) => ({
  selector: `CallExpression[callee.object.name='${object}'][callee.property.name='${property}']`,
  message,
});

const RANDOM = call('Math', 'random', 'Use node:crypto, or a seeded generator in tests.');
const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a thing has one name everywhere.',
};
const ENUM = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' };
const NOW = [
  call('Date', 'now', 'Time is an argument, stamped at the door; measure with performance.now().'),
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an argument, stamped at the door.',
  },
];
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Settings are read in settings.ts of the app, and passed on.',
};
const CONSOLE = {
  selector: "MemberExpression[object.name='console']",
  message: 'The service logs through its logger; only the command line and the bench print.',
};
const STRINGIFY = call('JSON', 'stringify', 'Bytes that are hashed are written by canonicalJson.');
const EVERYWHERE = [RANDOM, DEFAULT_EXPORT, ENUM];

const banned = (...selectors) => ({
  'no-restricted-syntax': ['error', ...EVERYWHERE, ...selectors],
});

const limits = {
  'max-lines': ['error', { max: LINES_PER_FILE_MAX }],
  'max-lines-per-function': ['error', { max: LINES_PER_FUNCTION_MAX }],
  'max-params': ['error', { max: 4 }],
  'max-len': ['error', { code: 100, ignoreUrls: true }],
  complexity: ['error', 8],
  'max-depth': ['error', 3],
};

const correctness = {
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-unreachable-loop': 'error',
  'no-constant-binary-expression': 'error',
  'no-loss-of-precision': 'error',
  'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
};

const typed = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/consistent-type-imports': [
    'error',
    { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
  ],
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/restrict-plus-operands': 'error',
};

export default tseslint.config(
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  { files: ['.ci/**/*.mjs'], rules: { ...limits, ...correctness } },
  {
    files: [...SOURCES, ...PAGES],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: 'tsconfig.json', tsconfigRootDir: `${import.meta.dirname}/..` },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { ...limits, ...correctness, ...typed, ...banned(...NOW, ENVIRONMENT, CONSOLE) },
  },
  { files: PAGES, languageOptions: { parserOptions: { project: 'apps/dashboard/tsconfig.json' } } },
  { files: ['libs/integrity/src/**/*.ts'], rules: banned(...NOW, ENVIRONMENT, CONSOLE, STRINGIFY) },
  // Writes canonical JSON, out of the engine's own texts of strings and numbers.
  { files: ['libs/integrity/src/canonical-json.ts'], rules: banned(...NOW, ENVIRONMENT, CONSOLE) },
  // The doors stamp the time on what comes in.
  {
    files: ['libs/adapters/http/src/**/*.ts', 'libs/adapters/kafka/src/**/*.ts'],
    rules: banned(ENVIRONMENT, CONSOLE),
  },
  // A client has no door before it: the SDK's default clock.
  { files: ['libs/sdk/src/clock.ts'], rules: banned(ENVIRONMENT, CONSOLE) },
  { files: ['apps/*/src/**/*.ts', ...PAGES], rules: banned(ENVIRONMENT, CONSOLE) },
  { files: ['apps/{cli,bench}/src/**/*.ts'], rules: banned(ENVIRONMENT) },
  { files: ['apps/*/src/**/settings.ts'], rules: banned(...NOW, CONSOLE) },
  // A describe block is as long as its scenarios; time and environment are what tests set up.
  {
    files: TESTS,
    rules: {
      ...banned(),
      'max-lines-per-function': ['error', { max: LINES_PER_FILE_MAX }],
      // Rows of it.each tables arrive as parameters.
      'max-params': 'off',
    },
  },
);
