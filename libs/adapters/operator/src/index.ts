export { accessHandlers, type AccessHandlersParts } from './access-handlers';
export { auditHandlers, type AskedAudit, type AuditHandlersParts } from './audit-handlers';
export { callOperatorDoor, OperatorDoorClosedError, type OperatorCall } from './operator-client';
export {
  OPERATOR_DOOR_DEFAULTS,
  openOperatorDoor,
  type OperatorDoor,
  type OperatorDoorOptions,
} from './operator-door';
export {
  OperatorRefusal,
  runHandler,
  type OperatorArgs,
  type OperatorHandler,
  type OperatorHandlers,
} from './operator-handler';
export { OperatorSocketPathError } from './socket-path';
