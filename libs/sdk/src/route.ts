// What the SDK keeps of an operation at run time is its method and path; what it takes and gives is
// typed by the server's own contract, imported for its types alone.
import type { ContractClass, OperationContract } from '@deltabook/contracts';

/** The part of a contract that types are made of. */
export type Contract = Pick<OperationContract, 'method' | 'path' | 'reply' | 'otherReply'> & {
  readonly body?: ContractClass;
  readonly query?: ContractClass;
};

export interface Route<C extends Contract> {
  readonly method: C['method'];
  readonly path: C['path'];
}

/** `data` of the operation's success envelope. */
export type ReplyOf<C extends Contract> = C extends {
  readonly otherReply: { readonly reply: ContractClass };
}
  ? InstanceType<C['reply']> | InstanceType<C['otherReply']['reply']>
  : InstanceType<C['reply']>;

/** Query parameters are texts on the wire; whole numbers may be given as numbers. */
type Parameters<Query> = {
  readonly [Name in keyof Query]: string extends NonNullable<Query[Name]>
    ? Query[Name] | number
    : Query[Name];
};

/** Query parameters of the operation. */
export type QueryOf<C extends Contract> = C extends { readonly query: ContractClass }
  ? Partial<Parameters<InstanceType<C['query']>>>
  : Readonly<Record<never, never>>;

/** Body of the operation. */
export type BodyOf<C extends Contract> = C extends { readonly body: ContractClass }
  ? InstanceType<C['body']>
  : undefined;

type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Path parameters of the operation, not yet encoded. */
export type ParamsOf<C extends Contract> = Readonly<Record<NamesIn<C['path']>, string>>;
