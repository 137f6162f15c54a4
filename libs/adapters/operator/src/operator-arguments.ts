// Reads arguments of operators' commands, which came as JSON.
import { ENVIRONMENTS, type Environment } from '@deltabook/domain';
import { OperatorRefusal, type OperatorArgs } from './operator-handler';

export function textOf(args: OperatorArgs, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw wrongArgument(name, 'a text');
  return value;
}

export function environmentOf(args: OperatorArgs): Environment {
  const environment = ENVIRONMENTS.find((known) => known === args['environment']);
  if (!environment) throw wrongArgument('environment', ENVIRONMENTS.join(' or '));
  return environment;
}

export function wrongArgument(name: string, form: string): OperatorRefusal {
  return new OperatorRefusal('INVALID_ARGUMENT', `${name} must be ${form}`);
}
