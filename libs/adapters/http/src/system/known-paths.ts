// Which methods a path takes, for the answer to one that it does not.
import type { OperationContract } from '@deltabook/contracts';

/** Methods of the operations whose path matches that of `url`. */
export function methodsOf(contracts: readonly OperationContract[], url: string): readonly string[] {
  const members = membersOf(url.split('?', 1)[0] ?? '');
  return contracts
    .filter(({ path }) => matches(membersOf(path), members))
    .map(({ method }) => method);
}

function membersOf(path: string): readonly string[] {
  return path.split('/').filter((member) => member !== '');
}

function matches(pattern: readonly string[], members: readonly string[]): boolean {
  return (
    pattern.length === members.length &&
    pattern.every((part, i) => part.startsWith(':') || part === members[i])
  );
}
