// A customer reference, shortened as everywhere, with the whole of it one press away.
import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { CheckIcon, CopyIcon } from './icons';

const HEAD_LENGTH = 6;
const TAIL_LENGTH = 4;

/** `0xA1b2C3…90Ef34` → `0xA1b2...Ef34`. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, HEAD_LENGTH)}...${hash.slice(-TAIL_LENGTH)}`;
}

export function HashText(props: {
  readonly value: string;
  /** What it is, for the name of the copy button. */
  readonly name: string;
  readonly whole?: boolean;
}): ReactElement {
  const { value, name, whole } = props;
  return (
    <Group gap={2} wrap="nowrap" component="span" display="inline-flex">
      <span className={whole === true ? 'reference anywhere' : 'reference'} title={value}>
        {whole === true ? value : shortHash(value)}
      </span>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'} withArrow>
            <ActionIcon
              variant="subtle"
              color={copied ? 'ledger' : 'gray'}
              size="sm"
              aria-label={copied ? `Copied ${name}` : `Copy ${name}`}
              onClick={copy}
            >
              {copied ? <CheckIcon /> : <CopyIcon />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
