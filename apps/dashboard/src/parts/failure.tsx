// What went wrong and what can be done, where content should have been.
import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { PacSpaceError } from '@deltabook/sdk';
import type { ReactElement } from 'react';

export function Failure(props: {
  readonly error: Error;
  readonly onRetry?: () => void;
}): ReactElement {
  const { error, onRetry } = props;
  const code = error instanceof PacSpaceError ? error.code : undefined;
  return (
    <Alert color="red" title="This could not be loaded" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {error.message} {code !== undefined && <Code>{code}</Code>}
        </Text>
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
