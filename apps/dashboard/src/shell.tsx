// Header with navigation, environment switch, colour scheme and sign-out.
import {
  ActionIcon,
  AppShell,
  Badge,
  Button,
  Container,
  Group,
  SegmentedControl,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { MoonIcon, SunIcon } from './parts/icons';
import type { Environment } from './session/session-client';
import { useSessions } from './session/session-context';

const ENVIRONMENTS: readonly { readonly value: Environment; readonly label: string }[] = [
  { value: 'sandbox', label: 'Sandbox' },
  { value: 'production', label: 'Production' },
];

function NavigationLink({
  to,
  children,
}: {
  readonly to: string;
  readonly children: ReactNode;
}): ReactElement {
  const [isExact] = useRoute(to);
  const [isBelow] = useRoute(`${to}/*?`);
  const isHere = isExact || isBelow;
  return (
    <Button
      component={Link}
      href={to}
      variant={isHere ? 'light' : 'subtle'}
      size="compact-md"
      fz="sm"
      px="sm"
      aria-current={isHere ? 'page' : undefined}
    >
      {children}
    </Button>
  );
}

function ColorSchemeSwitch(): ReactElement {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={isDark ? 'Use light colours' : 'Use dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}

export function Shell({ children }: { readonly children: ReactNode }): ReactElement {
  const { session, environment, choose, signOut } = useSessions();
  return (
    <AppShell header={{ height: { base: 104, sm: 60 } }} padding={0}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Header component="header">
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" gap="xs">
            <Group gap="sm" wrap="nowrap">
              <Text component={Link} href="/customers" fw={700} size="lg" c="inherit" td="none">
                Deltabook
              </Text>
              {session !== undefined && (
                <Group component="nav" aria-label="Pages" gap={4} wrap="nowrap">
                  <NavigationLink to="/customers">Customers</NavigationLink>
                  {session.scopes.includes('operate') && (
                    <NavigationLink to="/system">System</NavigationLink>
                  )}
                </Group>
              )}
            </Group>
            <Group gap="xs" wrap="nowrap">
              {session !== undefined && (
                <Badge variant="default" visibleFrom="md" tt="none" title={`key ${session.keyId}`}>
                  {session.tenant}
                </Badge>
              )}
              <SegmentedControl
                size="xs"
                data={[...ENVIRONMENTS]}
                value={environment}
                onChange={(value) => choose(value)}
                aria-label="Environment"
              />
              <ColorSchemeSwitch />
              {session !== undefined && (
                <Button variant="default" size="compact-md" fz="sm" onClick={() => void signOut()}>
                  Sign out
                </Button>
              )}
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
