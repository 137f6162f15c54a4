// Signs in with an API key. The key is sent once and kept by the service, never by the page.
import {
  Alert,
  Anchor,
  Button,
  Code,
  Container,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { Environment } from './session-client';
import { useSessions } from './session-context';

export function SignInPage({ environment }: { readonly environment: Environment }): ReactElement {
  const { signIn } = useSessions();
  const [apiKey, setApiKey] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (apiKey.trim() === '') return setProblem('Enter an API key.');
    setBusy(true);
    setProblem(undefined);
    signIn(apiKey.trim())
      .catch((error: Error) => setProblem(error.message))
      .finally(() => setBusy(false));
  };

  return (
    <Container size={460} py={{ base: 'md', sm: 64 }}>
      <Paper withBorder p={{ base: 'lg', sm: 'xl' }} component="section">
        <form onSubmit={submit} noValidate>
          <Stack>
            <div>
              <Title order={1} size="h2">
                Sign in
              </Title>
              <Text c="dimmed" mt={4}>
                with an API key of the {environment} environment.
              </Text>
            </div>
            {problem !== undefined && (
              <Alert color="red" title="Not signed in" role="alert">
                {problem}
              </Alert>
            )}
            <PasswordInput
              label="API key"
              placeholder={environment === 'sandbox' ? 'pk_test_…' : 'pk_live_…'}
              value={apiKey}
              onChange={(event) => setApiKey(event.currentTarget.value)}
              autoComplete="current-password"
              spellCheck={false}
              autoFocus
              required
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the key' }}
            />
            <Button type="submit" loading={isBusy}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              The first start prints a key; <Code>deltabook keys create</Code> makes others. The key
              stays on the server: this page gets a cookie that no script can read. See the{' '}
              <Anchor href="/docs" size="sm" underline="always">
                API page
              </Anchor>
              .
            </Text>
          </Stack>
        </form>
      </Paper>
    </Container>
  );
}
