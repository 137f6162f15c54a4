// Which tenant and environment a topic belongs to: who may write to a topic writes for its tenant.
import { ENVIRONMENTS, isName, type Environment } from '@deltabook/domain';

export interface TopicBinding {
  readonly topic: string;
  readonly tenant: string;
  readonly environment: Environment;
}

const BINDING = /^([A-Za-z0-9._-]{1,249})(?:=([^/]+)\/([^/]+))?$/;

/**
 * Reads `topic=tenant/environment,…`; a topic without `=` gets the given tenant and environment.
 * Undefined when the text does not have that form or names a topic twice.
 */
export function parseTopicBindings(
  text: string,
  fallback: Pick<TopicBinding, 'tenant' | 'environment'>,
): readonly TopicBinding[] | undefined {
  const bindings: TopicBinding[] = [];
  for (const part of text.split(',')) {
    const binding = parseBinding(part.trim(), fallback);
    if (!binding || bindings.some(({ topic }) => topic === binding.topic)) return undefined;
    bindings.push(binding);
  }
  return bindings;
}

function parseBinding(
  text: string,
  fallback: Pick<TopicBinding, 'tenant' | 'environment'>,
): TopicBinding | undefined {
  const match = BINDING.exec(text);
  if (!match) return undefined;
  const [, topic = '', tenant, name] = match;
  if (tenant === undefined) return { topic, ...fallback };
  const environment = ENVIRONMENTS.find((known) => known === name);
  return isName(tenant) && environment ? { topic, tenant, environment } : undefined;
}
