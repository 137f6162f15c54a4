// Colours and shapes. Every pair of text and ground has a contrast of at least 4.5 : 1 in both
// colour schemes; test/browser measures it on every page.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ledger: MantineColorsTuple = [
  '#e6f7f4',
  '#cfebe5',
  '#a0d7cc',
  '#6dc2b2',
  '#46b19d',
  '#2ba68f',
  '#159a83',
  '#0b7d6a',
  '#0a6659',
  '#064f45',
];

export const theme = createTheme({
  primaryColor: 'ledger',
  primaryShade: 8,
  autoContrast: true,
  colors: { ledger },
  defaultRadius: 'md',
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
});

/** The library's own are too faint on white: 3.3 : 1. */
export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[1],
  },
});
