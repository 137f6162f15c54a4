// The frame of every page: who is signed in and where, navigation, and the routes.
import { Center, Container, Loader } from '@mantine/core';
import { lazy, Suspense, type ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { CustomersPage } from './customers/customers-page';
import { Failure } from './parts/failure';
import { Nothing } from './parts/nothing';
import { Shell } from './shell';
import { ClientProvider, useSessions } from './session/session-context';
import { SignInPage } from './session/sign-in-page';

const CustomerPage = lazy(async () => {
  const { CustomerPage: page } = await import('./customer/customer-page');
  return { default: page };
});
const SystemPage = lazy(async () => {
  const { SystemPage: page } = await import('./system/system-page');
  return { default: page };
});

function Loading(): ReactElement {
  return (
    <Center py="xl">
      <Loader aria-label="Loading" role="status" />
    </Center>
  );
}

export function App(): ReactElement {
  return (
    <Shell>
      <Pages />
    </Shell>
  );
}

function Pages(): ReactElement {
  const { isLoading, failure, session, environment, retry } = useSessions();
  if (isLoading) return <Loading />;
  if (failure !== null) {
    return (
      <Container py="xl">
        <Failure error={failure} onRetry={retry} />
      </Container>
    );
  }
  if (session === undefined) return <SignInPage key={environment} environment={environment} />;
  return (
    <ClientProvider key={session.csrfToken} session={session}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/">
            <Redirect to="/customers" replace />
          </Route>
          <Route path="/customers" component={CustomersPage} />
          <Route path="/customers/:customerId">
            {({ customerId }) => <CustomerPage key={customerId} customerId={customerId} />}
          </Route>
          <Route path="/system" component={SystemPage} />
          <Route>
            <Nothing title="There is no such page">Choose Customers above.</Nothing>
          </Route>
        </Switch>
      </Suspense>
    </ClientProvider>
  );
}
