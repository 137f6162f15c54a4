// Starts the page: styles, theme, the cache of requests, and the router.
import '@mantine/core/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { newQueryCache } from './session/query-cache';
import { SessionProvider } from './session/session-context';
import { cssVariablesResolver, theme } from './theme';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app element');

const queries = newQueryCache();

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <App />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
