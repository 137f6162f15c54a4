// A customer reference or receipt ID, shortened as everywhere, with the whole one press away. There
// may be hundreds on a page: a button of the platform, not one of the component library's.
import { useClipboard } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { CheckIcon, CopyIcon } from './icons';

const HEAD_LENGTH = 6;
const TAIL_LENGTH = 4;

/** `0xA1b2C3…90Ef34` → `0xA1b2...Ef34`. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, HEAD_LENGTH)}...${hash.slice(-TAIL_LENGTH)}`;
}

function CopyButton({ value, name }: { readonly value: string; readonly name: string }) {
  const { copied, copy } = useClipboard();
  const label = copied ? `Copied ${name}` : `Copy ${name}`;
  return (
    <button
      type="button"
      className="copy"
      title={copied ? 'Copied' : 'Copy'}
      aria-label={label}
      onClick={() => copy(value)}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}

export function HashText(props: {
  readonly value: string;
  /** What it is, for the name of the copy button. */
  readonly name: string;
  readonly whole?: boolean;
}): ReactElement {
  const { value, name, whole } = props;
  return (
    <span className="hash">
      <span className={whole === true ? 'reference anywhere' : 'reference'} title={value}>
        {whole === true ? value : shortHash(value)}
      </span>
      <CopyButton value={value} name={name} />
    </span>
  );
}
