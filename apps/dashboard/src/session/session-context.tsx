// Who is signed in, in which environment the page is, and the client that speaks for them.
import { PacSpace } from '@deltabook/sdk';
import { QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { newQueryCache } from './query-cache';
import { readSessions, signIn, signOut, type Environment, type Session } from './session-client';

interface Sessions {
  readonly isLoading: boolean;
  readonly failure: Error | null;
  /** Session of the chosen environment. */
  readonly session: Session | undefined;
  readonly sessions: readonly Session[];
  readonly environment: Environment;
  readonly choose: (environment: Environment) => void;
  readonly signIn: (apiKey: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly retry: () => void;
}

const SESSIONS = ['sessions'];
const CHOSEN = 'deltabook-environment';
const Context = createContext<Sessions | undefined>(undefined);

function chosenBefore(): Environment {
  return localStorage.getItem(CHOSEN) === 'production' ? 'production' : 'sandbox';
}

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const queries = useQueryClient();
  const [environment, setEnvironment] = useState(chosenBefore);
  const { data, isPending, error, refetch } = useQuery({
    queryKey: SESSIONS,
    queryFn: readSessions,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const choose = useCallback((next: Environment) => {
    localStorage.setItem(CHOSEN, next);
    setEnvironment(next);
  }, []);
  const replace = useCallback(
    (sessions: readonly Session[]) => queries.setQueryData(SESSIONS, sessions),
    [queries],
  );
  const value = useMemo<Sessions>(() => {
    const sessions = data ?? [];
    const session = sessions.find((one) => one.environment === environment);
    return {
      isLoading: isPending,
      failure: error,
      session,
      sessions,
      environment,
      choose,
      signIn: async (apiKey) => {
        const known = new Set(sessions.map(({ csrfToken }) => csrfToken));
        const after = await signIn(apiKey);
        const added = after.find(({ csrfToken }) => !known.has(csrfToken));
        replace(after);
        if (added !== undefined) choose(added.environment);
      },
      signOut: async () => {
        if (session !== undefined) replace(await signOut(session));
      },
      retry: () => void refetch(),
    };
  }, [data, isPending, error, environment, choose, replace, refetch]);
  return <Context value={value}>{children}</Context>;
}

export function useSessions(): Sessions {
  const sessions = useContext(Context);
  if (sessions === undefined) throw new Error('useSessions is used outside of SessionProvider');
  return sessions;
}

interface Client {
  readonly client: PacSpace;
  readonly session: Session;
}

const ClientContext = createContext<Client | undefined>(undefined);

/**
 * Gives what is below it the client of one session, and a cache of its own: nothing of one session
 * is shown in another. Its key must be the session's.
 */
export function ClientProvider(props: {
  readonly session: Session;
  readonly children: ReactNode;
}): ReactElement {
  const { session } = props;
  const { csrfToken, environment } = session;
  const client = useMemo(
    () =>
      // Receipts are fetched and checked in a worker.
      new PacSpace({
        baseUrl: window.location.origin,
        session: { csrfToken, environment },
      }),
    [csrfToken, environment],
  );
  const value = useMemo(() => ({ client, session }), [client, session]);
  const [queries] = useState(newQueryCache);
  return (
    <QueryClientProvider client={queries}>
      <ClientContext value={value}>{props.children}</ClientContext>
    </QueryClientProvider>
  );
}

function useClientContext(): Client {
  const context = useContext(ClientContext);
  if (context === undefined) throw new Error('a client is used outside of ClientProvider');
  return context;
}

export const useClient = (): PacSpace => useClientContext().client;

/** The session that is shown. */
export const useSession = (): Session => useClientContext().session;
